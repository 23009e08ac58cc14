import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');

/** A service of a compose file, as far as tests look at it; what anchors bring is in it. */
export interface ComposeService {
  readonly [setting: string]: unknown;
  readonly image: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
  readonly networks?: Readonly<Record<string, unknown>>;
}

/** Reads a compose file of `docker/`. */
export async function readCompose(name: string): Promise<ComposeFile> {
  // A service may be made of others by anchors, as often as there are members of an engine.
  const options = { merge: true, maxAliasCount: -1 };
  return parse(await readFile(join(ROOT, 'docker', name), 'utf8'), options) as ComposeFile;
}
