// Writes the files that are made from code. Each module in tools/generators/ exports `generate`, which resolves with
// [{ path, text }]. With --check nothing is written: it fails where a file differs or isn't under version control.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow, root } from './project-files.mjs';
import { runCommand } from './run-command.mjs';

async function generated() {
  const made = [];
  for (const module of filesBelow('tools/generators', ['.mjs'])) {
    const { generate } = await import(pathToFileURL(join(root, module)).href);
    made.push(...(await generate()));
  }
  if (made.length === 0) throw new Error('No generator made a file; look into tools/generators/.');
  return made;
}

function isCurrent({ path, text }) {
  try {
    return readFileSync(join(root, path), 'utf8') === text;
  } catch {
    return false;
  }
}

function write({ path, text }) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`generate: wrote ${path}`);
}

async function isTracked({ path }) {
  const { code } = await runCommand('git', ['ls-files', '--error-unmatch', '--', path], { capture: true });
  return code === 0;
}

async function check(files) {
  for (const file of files) {
    const problem = isCurrent(file)
      ? (await isTracked(file))
        ? ''
        : 'is not under version control'
      : 'is not up to date';
    if (problem === '') continue;
    console.error(`${file.path} ${problem}. Run: npm run generate, and commit the file.`);
    process.exitCode = 1;
  }
}

const files = await generated();
if (process.argv.includes('--check')) await check(files);
else files.filter((file) => !isCurrent(file)).forEach(write);
