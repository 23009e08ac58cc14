// Puts the server's compiled modules, its built-in plugins' and those of its libraries that are ES modules together in
// dist/server/: Node takes seconds of CPU to find and read two thousand files one by one, at each start.
import { readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './project-files.mjs';

const TARGET = join(root, 'dist/server');
/** Libraries that are put in as well, but those that Nest only asks for; all others are imported as they are installed. */
const WITHIN = /^(?:[.#/]|@nestjs\/(?!websockets|platform-express)|es-toolkit\b|rxjs\b|yaml$|zod\b)/;

/** `main`, and a name for each plugin, which the plugin host knows it by. */
function entries() {
  const plugins = readdirSync(join(root, 'dist/plugins'));
  const ofPlugins = plugins.map((name) => [name, join(root, 'dist/plugins', name, 'index.js')]);
  return { main: join(root, 'dist/apps/main.js'), ...Object.fromEntries(ofPlugins) };
}

/**
 * Files that stand beside a module stay where they are: its `import.meta.url` goes on to be its own. `import.meta.bundle`
 * is the address of the file that it was put into.
 */
const ownAddress = {
  name: 'own-address',
  transform: {
    filter: { code: /import\.meta\./ },
    handler(code, id) {
      const path = JSON.stringify(relative(TARGET, id).replaceAll('\\', '/'));
      const url = `new URL(${path}, import.meta.url)`;
      const mended = code
        .replaceAll('import.meta.url', `${url}.href`)
        .replaceAll('import.meta.dirname', `decodeURIComponent(new URL('.', ${url}).pathname.slice(0, -1))`)
        .replaceAll('import.meta.bundle', 'import.meta.url');
      return { code: mended, map: null };
    },
  },
};

/** Without it, plugins would run with a second copy of the kit, whose errors and classes are not the server's. */
function mustKnowBundle(chunks) {
  const host = chunks.find(({ code = '' }) => code.includes('function importBuiltIn('));
  if (!host?.code.includes('const bundle = import.meta.url'))
    throw new Error('bundle: importBuiltIn does not import from the bundle');
}

export async function bundle() {
  rmSync(TARGET, { recursive: true, force: true });
  const build = await rolldown({
    input: entries(),
    platform: 'node',
    external: (id) => !WITHIN.test(id) && !id.startsWith(root),
    plugins: [ownAddress],
    onLog: (level, log, print) => print(level, log),
  });
  const { output } = await build.write({
    dir: TARGET,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'part-[hash].js',
    keepNames: true,
    sourcemap: false,
  });
  await build.close();
  mustKnowBundle(output);
}
