import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readParserSamples } from './parser-samples.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-samples-'));
});
afterEach(() => rm(folder, { recursive: true }));

const add = async (file: string, text: string | Buffer): Promise<void> => {
  await mkdir(join(folder, 'samples'), { recursive: true });
  await writeFile(join(folder, 'samples', file), text);
};

it('are the first lines of each text, without blank ones and line ends', async () => {
  await add('many.txt', 'line\n'.repeat(50));
  await add('dos.txt', 'a\r\n\r\nb');
  await add('dos.expected.ndjson', '{}\n');
  const samples = await readParserSamples(folder);
  expect(samples[0]).toEqual({ name: 'dos', lines: ['a', 'b'] });
  expect(samples[1]?.lines).toHaveLength(20);
  expect(samples).toHaveLength(2);
});

it('have no line where the text is no UTF-8, and are none where there is no folder', async () => {
  expect(await readParserSamples(folder)).toEqual([]);
  await add('latin.txt', Buffer.from([0xe4, 0x0a]));
  expect(await readParserSamples(folder)).toEqual([{ name: 'latin', lines: [] }]);
});

it('are those that the manifest names, in its order', async () => {
  for (const name of ['a', 'b', 'c']) await add(`${name}.txt`, name);
  const names = (await readParserSamples(folder, ['c', 'a', 'absent'])).map(({ name }) => name);
  expect(names).toEqual(['c', 'a']);
});
