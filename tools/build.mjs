// Compiles apps, libs and plugins into dist/, the page for browsers beside them, and puts the server's modules together.
// Does nothing, quickly, when nothing changed since the last build.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundle } from './bundle.mjs';
import { filesBelow, root } from './project-files.mjs';
import { runCommand, tool } from './run-command.mjs';

const FOLDERS = ['apps', 'libs', 'plugins'];
const CONFIGS = [
  'tools/bundle.mjs',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.kit.json',
  'package.json',
  'package-lock.json',
];
/** What runs in Node, the types that authors of plugins see, and what runs in a browser. */
const PROJECTS = ['tsconfig.build.json', 'tsconfig.kit.json', 'apps/console/tsconfig.build.json'];
const STAMP = join(root, 'dist/.build-stamp');

/** Lines to try a parser with; the API shows them. */
const samples = filesBelow('plugins', ['.txt']).filter((path) =>
  /^plugins\/parser-[^/]+\/samples\//.test(path),
);
const code = FOLDERS.flatMap((folder) =>
  filesBelow(folder, ['.ts', '.sql', '.json', '.yaml', '.html', '.css', '.svg']),
);
const sources = [...code, ...samples];
const assets = [...code.filter((path) => !path.endsWith('.ts') && !path.includes('/samples/')), ...samples];

/** Changes whenever a file is added, removed or written. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version);
  for (const path of [...sources, ...CONFIGS]) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function stampOfLastBuild() {
  return existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
}

/** What was compiled from files that are gone; a removed plugin must not be found in dist. */
function removeStale() {
  const known = new Set([...assets, ...sources.map((path) => path.replace(/\.ts$/, '.js'))]);
  for (const path of filesBelow('dist/', [
    '.js',
    '.js.map',
    '.sql',
    '.json',
    '.yaml',
    '.html',
    '.css',
    '.svg',
    '.txt',
  ])) {
    const made = path.replace(/^dist\//, '').replace(/\.map$/, '');
    if (FOLDERS.includes(made.split('/', 1)[0]) && !known.has(made)) rmSync(join(root, path));
  }
}

function copyAssets() {
  for (const path of assets) {
    const target = join(root, 'dist', path);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, path), target);
  }
}

async function build() {
  if (!existsSync(tool.tsc)) {
    console.error('build: the compiler is missing. Run: npm ci');
    return 1;
  }
  const now = fingerprint();
  if (now === stampOfLastBuild()) return 0;
  rmSync(STAMP, { force: true });
  removeStale();
  for (const project of PROJECTS) {
    const { code } = await runCommand(process.execPath, [tool.tsc, '-p', project, '--pretty', 'false']);
    if (code === 0) continue;
    console.error('build: failed; the errors stand above. dist/ is not up to date.');
    return code;
  }
  copyAssets();
  await bundle();
  writeFileSync(STAMP, now);
  return 0;
}

process.exitCode = await build();
