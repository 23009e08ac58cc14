import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = import.meta.url;
const top = new URL('../../../', here);
/** The built program: also where this file runs as source, as in tests, since plugins run in processes of their own. */
const built = here.endsWith('.ts') ? new URL('dist/', top) : top;

/** The file URL of a built module, by its path from the top of the repository. */
export function builtModule(path: string): URL {
  return new URL(path, built);
}

/** Folders and files that the code of a plugin's process is read from: the program, and the libraries of the kit. */
export function readableCode(): readonly string[] {
  const program = fileURLToPath(new URL('../', built));
  const zod = dirname(createRequire(here).resolve('zod'));
  const link = `${program}node_modules/zod`;
  // Where it is installed as a link, the link is read as well as what it leads to. One path may not begin another: Node 20
  // breaks off at such a pair.
  const libraries = new Set([`${zod}*`, `${link}*`]);
  return [`${fileURLToPath(built)}*`, `${program}package.json`, ...libraries];
}
