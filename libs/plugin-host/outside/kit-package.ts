import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLUGIN_API_VERSION } from '#plugin-kit';
import { builtModule } from './built-code.js';

/** The name that outside plugins import the kit by. */
export const KIT = '@alluvium/plugin-kit';

/** What can be imported of it, with the built modules that it is made of. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  index: ['libs/plugin-kit/index.js', 'libs/event-model/index.js'],
  testing: ['libs/plugin-host/outside/author/testing.js'],
};

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
  for (const [entry, modules] of Object.entries(ENTRIES)) {
    const from = modules.map((path) => builtModule(path));
    await writeFile(join(directory, `${entry}.js`), exportsOf(from.map(({ href }) => href)));
    await writeFile(
      join(directory, `${entry}.d.ts`),
      exportsOf(from.map(({ pathname }) => decodeURI(pathname))),
    );
  }
}

function exportsOf(modules: readonly string[]): string {
  return modules.map((module) => `export * from ${JSON.stringify(module)};\n`).join('');
}
