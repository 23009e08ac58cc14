// Prints the sizes of files and functions beside the band the design wants, and fails where a file is over the limit and
// no ADR in docs/adr names it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow, root } from './project-files.mjs';

const FILE_LIMIT = 250;
const FOLDERS = ['apps', 'libs', 'plugins', 'test', 'bench', 'tools'];
const TESTS = /\.(spec|contract)\.ts$|\/testing\/|^test\//;

const read = (path) => readFileSync(join(root, path), 'utf8');
const linesOf = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
const files = FOLDERS.flatMap((folder) => filesBelow(folder, ['.ts', '.mjs'])).map((path) => ({
  path,
  text: read(path),
}));
const source = files.filter(({ path }) => !TESTS.test(path));
const tests = files.filter(({ path }) => TESTS.test(path));

/** Lines of every function with a body, nested ones included, signature and closing brace counted. */
function functionSizes({ path, text }) {
  const sizes = [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineAt = (position) => file.getLineAndCharacterOfPosition(position).line;
  const visit = (node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body)
      sizes.push(lineAt(node.getEnd()) - lineAt(node.getStart()) + 1);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return sizes;
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function row(title, values, band) {
  return `${title.padEnd(18)} n ${String(values.length).padStart(5)}   median ${quantile(values, 0.5)}, p90 ${quantile(values, 0.9)}, longest ${quantile(values, 1)}   (band: ${band})`;
}

const total = (list) => list.reduce((sum, { text }) => sum + linesOf(text), 0);
const fileSizes = (list) => list.map(({ text }) => linesOf(text));
console.log(row('source files', fileSizes(source), 'median <= 55, p90 <= 250'));
console.log(row('source functions', source.flatMap(functionSizes), 'median <= 10, p90 <= 30'));
console.log(row('test files', fileSizes(tests), 'none'));
console.log(`test to source     ${total(tests)} to ${total(source)} lines   (band: about the same)`);

const decisions = filesBelow('docs/adr', ['.md']).map(read).join('\n');
const tooLong = files.filter(({ path, text }) => linesOf(text) > FILE_LIMIT && !decisions.includes(path));
for (const { path, text } of tooLong)
  console.error(
    `${path}: ${linesOf(text)} lines, at most ${FILE_LIMIT}. Split it, or write an ADR that names it.`,
  );
process.exitCode = tooLong.length > 0 ? 1 : 0;
