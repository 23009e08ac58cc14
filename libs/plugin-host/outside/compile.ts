import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';
import { init, parse } from 'es-module-lexer';
import type { PluginProblem } from '#plugin-kit';
import { failed, ok, type Outcome } from '../outcome.js';
import { KIT, KIT_MODULES } from './kit-package.js';

const TYPESCRIPT = /\.m?ts$/;
/** Files that the entry may be, the first that is there. */
const ENTRIES = ['index.ts', 'index.mts', 'index.js', 'index.mjs'];
/** What a name of a module stands for where there is no such file: TypeScript names what its source becomes. */
const SOURCES: Readonly<Record<string, string>> = { '.js': '.ts', '.mjs': '.mts' };

/** A piece of a module's text to be replaced. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What one import leads to. */
interface Followed {
  /** A module of the plugin's own, by its path in the folder. */
  readonly next?: string;
  /** What the import has to say instead. */
  readonly specifier?: string;
  readonly problem?: PluginProblem;
}

/**
 * Makes JavaScript of the TypeScript that a plugin's entry reaches, file beside file, by leaving the types out: a line
 * stays the same line. Checks on the way that every import leads to the kit, to Node, to a file of the plugin or to an
 * installed dependency of it.
 *
 * @param folder a copy of the plugin: JavaScript is written into it
 * @returns path of the entry to import
 */
export async function compilePlugin(folder: string): Promise<Outcome<string>> {
  const entry = ENTRIES.find((name) => existsSync(join(folder, name)));
  if (entry === undefined)
    return failed([{ what: 'there is no index.ts', mend: 'add one whose default export is the plugin' }]);
  await init;
  const problems: PluginProblem[] = [];
  const seen = new Set([entry]);
  for (const file of seen) {
    const module = await compileModule(folder, file);
    if (module.problems) problems.push(...module.problems);
    else for (const next of module.value) seen.add(next);
  }
  return problems.length > 0 ? failed(problems) : ok(join(folder, compiledName(entry)));
}

/** Compiles one module. Returns the modules of the plugin that it imports. */
async function compileModule(folder: string, file: string): Promise<Outcome<readonly string[]>> {
  const source = await readFile(join(folder, file), 'utf8');
  const stripped = TYPESCRIPT.test(file) ? await stripTypes(file, source) : ok(source);
  if (stripped.problems) return stripped;
  const imports = importsOf(file, stripped.value);
  if (imports.problems) return imports;
  const followed = imports.value.map((found) => ({ found, to: follow(folder, file, found.specifier) }));
  const problems = followed.flatMap(({ to }) => to.problem ?? []);
  if (problems.length > 0) return failed(problems);
  const edits = followed.flatMap(({ found, to }) =>
    to.specifier === undefined ? [] : { ...found, text: to.specifier },
  );
  const text = edited(stripped.value, edits);
  const compiled = compiledName(file);
  if (compiled !== file) await writeFile(join(folder, compiled), text);
  return ok(followed.flatMap(({ to }) => to.next ?? []));
}

/** Imported when it is needed: it has a parser of TypeScript, some 20 MB of memory. */
async function stripTypes(file: string, source: string): Promise<Outcome<string>> {
  const { default: typescript } = await import('@swc/wasm-typescript');
  try {
    return ok(typescript.transformSync(source, { mode: 'strip-only', filename: file }).code);
  } catch (error) {
    const { message, startLine } = error as { readonly message?: string; readonly startLine?: number };
    const where = startLine === undefined ? file : `${file}:${startLine}`;
    const mend =
      'mend the line; of TypeScript all that is only types is taken, not enum, namespace or parameter properties';
    return failed([{ what: `${where}: ${message ?? String(error)}`, mend }]);
  }
}

interface FoundImport {
  readonly specifier: string;
  readonly start: number;
  readonly end: number;
}

function importsOf(file: string, code: string): Outcome<readonly FoundImport[]> {
  try {
    const [imports] = parse(code, file);
    // Of a dynamic import the place is that of the text with its quotes.
    return ok(
      imports.flatMap(({ n: specifier, s, e, d }) =>
        specifier === undefined ? [] : { specifier, start: d > -1 ? s + 1 : s, end: d > -1 ? e - 1 : e },
      ),
    );
  } catch (error) {
    return failed([
      { what: `${file} is no JavaScript: ${String(error)}`, mend: 'mend the line that it names' },
    ]);
  }
}

function follow(folder: string, file: string, specifier: string): Followed {
  if (specifier.startsWith('./') || specifier.startsWith('../')) return followPath(folder, file, specifier);
  if (KIT_MODULES.has(specifier) || isBuiltin(specifier) || specifier.startsWith('#')) return {};
  const where = `${file} imports "${specifier}"`;
  if (specifier.startsWith(`${KIT}/`))
    return { problem: { what: `${where}, which the kit has not`, mend: `import from "${KIT}"` } };
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (/^[\w@.-]/.test(name) && !name.includes(':') && existsSync(join(folder, 'node_modules', name)))
    return {};
  const mend = 'name it in dependencies of package.json and run npm install --omit=dev in the folder';
  return { problem: { what: `${where}, which is not installed in its node_modules`, mend } };
}

function followPath(folder: string, file: string, specifier: string): Followed {
  const path = posix.join(posix.dirname(file), specifier);
  if (path.startsWith('../'))
    return {
      problem: {
        what: `${file} imports ${specifier}, out of its folder`,
        mend: 'copy that file into the folder',
      },
    };
  const ending = posix.extname(path);
  const source = SOURCES[ending];
  const typescript = source === undefined ? path : path.slice(0, -ending.length) + source;
  const found = [typescript, path].find((name) => existsSync(join(folder, name)));
  if (found === undefined)
    return {
      problem: {
        what: `${file} imports ${specifier}, and there is no such file`,
        mend: 'add it, or write the import with the ending of the file',
      },
    };
  if (!/\.m?[jt]s$/.test(found)) return {};
  return { next: found, ...(TYPESCRIPT.test(path) && { specifier: specifierOf(file, compiledName(found)) }) };
}

function specifierOf(from: string, to: string): string {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

function compiledName(file: string): string {
  return file.replace(/\.(m?)ts$/, '.$1js');
}

function edited(text: string, edits: readonly Edit[]): string {
  let made = text;
  for (const { start, end, text: by } of [...edits].reverse())
    made = made.slice(0, start) + by + made.slice(end);
  return made;
}
