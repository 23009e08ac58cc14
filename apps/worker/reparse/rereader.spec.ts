import { beforeEach, expect, it } from 'vitest';
import type { Block } from '#event-model';
import { FakeRewritingTier } from '../testing/fake-rewriting-tier.js';
import { STREAM } from '../testing/scene.js';
import type { ReparsePayload } from './reparse-payload.js';
import { Rereader } from './rereader.js';

const REQUEST: ReparsePayload = {
  ...{ run: 'run', tenant: 'acme', stream: 'web' },
  ...{ start_time: '2026-11-20T00:00:00Z', end_time: '2026-11-21T00:00:00Z' },
};

let tier: FakeRewritingTier;
let parsed: Block[];
beforeEach(() => {
  [tier, parsed] = [new FakeRewritingTier(), []];
});

/** Reads all lines; `shout` is the only parser there is. What is parsed has lost its rows, as the pipeline's blocks have. */
async function read(request: Partial<ReparsePayload> = {}) {
  const parse = async (block: Block): Promise<Block> => {
    parsed.push(block);
    const { rows: _rows, ...rest } = block;
    return rest;
  };
  const rereader = new Rereader({ parsers: { has: (name) => name === 'shout' }, parse });
  return rereader.read(STREAM, tier.lines, { ...REQUEST, ...request });
}

const shownOf = ({ header: { format, parser }, body, rows }: Block) => [
  format,
  parser,
  body.toString(),
  rows,
];

it('sends each line to whoever read it, lines that nobody read to auto, and JSON to the type alone', async () => {
  const block = tier.add([
    ['a'],
    ['{"b":1}', 'json', ''],
    ['c', 'message', ''],
    ['d'],
    ['{"e":1}', 'json_remade', ''],
  ]);
  const { batch, kept, asked } = await read();
  expect(batch.blocks.map(shownOf)).toEqual([
    ['lines', 'shout', 'a\nd\n', [0, 3]],
    ['ndjson', undefined, '{"b":1}\n{"e":1}\n', [1, 4]],
    ['lines', 'auto', 'c\n', [2]],
  ]);
  expect(batch.blocks.map(({ header: { id, source, receivedAt } }) => [id, source, receivedAt])).toEqual(
    Array.from({ length: 3 }, () => [block, 'here', 1n]),
  );
  expect([kept, asked]).toEqual([[], 5]);
});

it('keeps of each line who sent it', async () => {
  tier.add([['a'], ['b'], ['c']]);
  tier.lines = tier.lines.map((line, at) => (at === 1 ? line : { ...line, peer: `192.0.2.${at}` }));
  const { batch } = await read();
  expect(batch.blocks[0]?.header.peers).toEqual([
    ['192.0.2.0', 1],
    ['', 1],
    ['192.0.2.2', 1],
  ]);
});

it('reads every text line, and no JSON, by the parser that the request names', async () => {
  tier.add([['a'], ['b', 'text', 'gone'], ['c', 'message', ''], ['{}', 'json', '']]);
  const { batch, kept, asked } = await read({ parser: 'shout' });
  expect(batch.blocks.map(shownOf)).toEqual([
    ['lines', 'shout', 'a\nb\nc\n', [0, 1, 2]],
    ['ndjson', undefined, '{}\n', [3]],
  ]);
  expect([kept, asked]).toEqual([[], 4]);
});

it.each([
  ['shout', 'a\n'],
  ['', 'c\n'],
])('with parsed_by "%s" means only text lines that this one read', async (by, body) => {
  tier.add([['a'], ['b', 'text', 'gone'], ['c', 'message', ''], ['{}', 'json', '']]);
  const { batch, kept, asked } = await read({ parsed_by: by });
  expect(batch.blocks.map((block) => block.body.toString())).toEqual([body]);
  expect([kept, asked]).toEqual([[], 1]);
});

it('leaves lines alone whose parser is gone, with the reason, unless another one is named', async () => {
  const block = tier.add([['a', 'text', 'gone'], ['b']]);
  const { batch, kept, asked } = await read();
  expect(batch.blocks.map(shownOf)).toEqual([['lines', 'shout', 'b\n', [1]]]);
  expect([kept, asked]).toEqual([[{ block, row: 0, reason: 'parser_missing' }], 2]);
  const mended = await read({ parser: 'shout', parsed_by: 'gone' });
  expect(mended.batch.blocks.map(shownOf)).toEqual([['lines', 'shout', 'a\n', [0]]]);
  expect(mended.kept).toEqual([]);
});

it('gives the request’s zone to parsers, and none where it names none', async () => {
  tier.add([['a']]);
  await read({ zone: 'Europe/Rome' });
  await read();
  expect(parsed.map(({ header }) => header.zone)).toEqual(['Europe/Rome', undefined]);
});
