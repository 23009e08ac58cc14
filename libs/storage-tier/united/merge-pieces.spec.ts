import { expect, it } from 'vitest';
import type { ScanPiece } from '#plugin-kit';
import { byPlace, byTime, mergePieces } from './merge-pieces.js';

const BLOCK = '0'.repeat(31);

/** Events named by second, block and row. */
async function* pieces(names: readonly string[]): AsyncGenerator<ScanPiece> {
  for (const name of names) {
    const [second, block, row] = name;
    const event = {
      event_id: `${BLOCK}${block}-${row}`,
      timestamp: `2026-11-20T00:00:0${second}.000000000Z`,
      name,
    };
    yield { lines: Buffer.from(`${JSON.stringify(event)}\n`), count: 1 };
  }
}

async function read(merged: AsyncIterable<ScanPiece>): Promise<string[]> {
  const names: string[] = [];
  for await (const { lines, count } of merged) {
    const texts = Buffer.from(lines).toString().trimEnd().split('\n');
    expect(texts.length).toBe(count);
    names.push(...texts.map((text) => (JSON.parse(text) as { name: string }).name));
  }
  return names;
}

it('two scans are one, in the order of time, block and row', async () => {
  expect(
    await read(mergePieces(pieces(['111', '113', '411']), pieces(['112', '121', '500']), byTime('asc'))),
  ).toEqual(['111', '112', '113', '121', '411', '500']);
  expect(
    await read(mergePieces(pieces(['411', '113']), pieces(['500', '121', '112']), byTime('desc'))),
  ).toEqual([...['500', '411', '121', '113', '112']]);
  expect(await read(mergePieces(pieces(['911', '121']), pieces(['112']), byPlace))).toEqual([
    '911',
    '112',
    '121',
  ]);
  expect(await read(mergePieces(pieces([]), pieces([]), byPlace))).toEqual([]);
});

it('many lines come in pieces, and who leaves ends both scans', async () => {
  const ended: string[] = [];
  async function* endless(name: string): AsyncGenerator<ScanPiece> {
    try {
      for (;;) yield* pieces(['111']);
    } finally {
      ended.push(name);
    }
  }
  for await (const { count } of mergePieces(endless('a'), endless('b'), byPlace)) {
    expect(count).toBe(256);
    break;
  }
  expect(ended).toEqual(['a', 'b']);
});
