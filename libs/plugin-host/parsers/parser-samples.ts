import { isUtf8 } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Lines of a parser's format, as its author gave them. */
export interface ParserSample {
  /** Name of its file, without the ending. */
  readonly name: string;
  readonly lines: readonly string[];
}

/** Lines of one sample that are kept, for people to try; its tests read them all. */
const MAX_LINES = 20;
const ENDING = '.txt';

/**
 * The samples in a parser's folder, `samples/<name>.txt`; none where there is no such folder.
 *
 * @param shown `samples` of the manifest: which ones, in their order. Default all, by name
 */
export async function readParserSamples(
  folder: string,
  shown?: readonly string[],
): Promise<readonly ParserSample[]> {
  const directory = join(folder, 'samples');
  const files = await readdir(directory).catch(() => []);
  const there = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
  const names = shown?.filter((name) => there.includes(name)) ?? there.sort();
  return Promise.all(
    names.map(async (name) => ({ name, lines: linesOf(await readFile(join(directory, name + ENDING))) })),
  );
}

/** Lines that JSON can show: those that are no UTF-8 are left out. */
function linesOf(bytes: Buffer): readonly string[] {
  const text = isUtf8(bytes) ? bytes.toString() : '';
  return text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '')
    .slice(0, MAX_LINES);
}
