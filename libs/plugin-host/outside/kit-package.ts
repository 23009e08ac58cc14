import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PLUGIN_API_VERSION } from '#plugin-kit';
import { builtModule } from './built-code.js';

/** The name that outside plugins import the kit by. */
export const KIT = '@alluvium/plugin-kit';

/** The built modules that it is made of; their types lie beside them. */
const KIT_CODE = ['libs/plugin-kit/index', 'libs/event-model/index'];
const TESTING_CODE = 'libs/plugin-host/outside/author/testing.js';
/** The suite is not part of the kit's types, which know nothing of the host. */
const TESTING_TYPES = `/** Runs all that a plugin must hold with Node's test runner. @param folder path of the plugin's folder */
export declare function testPlugin(folder: string): Promise<void>;
`;

/** What a plugin may import of the kit. */
export const KIT_MODULES: ReadonlySet<string> = new Set([KIT, `${KIT}/testing`]);

/**
 * Puts the kit of the running version into a plugin's `node_modules`, as a package of a few lines that leads to it. What
 * is there under that name is replaced, so a plugin always runs with the kit of its server.
 */
export async function writeKitPackage(folder: string): Promise<void> {
  const directory = join(folder, 'node_modules', KIT);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const manifest = {
    name: KIT,
    version: `${PLUGIN_API_VERSION}.0.0`,
    type: 'module',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './testing': { types: './testing.d.ts', default: './testing.js' },
    },
  };
  await writeFile(join(directory, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const files = {
    'index.js': exportsOf(KIT_CODE.map((path) => builtModule(`${path}.js`).href)),
    'index.d.ts': exportsOf(KIT_CODE.map((path) => fileURLToPath(builtModule(`${path}.js`)))),
    'testing.js': exportsOf([builtModule(TESTING_CODE).href]),
    'testing.d.ts': TESTING_TYPES,
  };
  for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
}

function exportsOf(modules: readonly string[]): string {
  return modules.map((module) => `export * from ${JSON.stringify(module)};\n`).join('');
}
