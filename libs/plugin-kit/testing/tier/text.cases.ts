import assert from 'node:assert/strict';
import { REFUSED_LINE, type Block } from '#event-model';
import type { StoredEvent } from '#plugin-kit';
import type { TierCase } from './contract-case.js';
import { makeStream, makeStreamBlock, makeTierBatch, rowsIn, rowsOf } from './scene.js';

const REFUSED = String.fromCharCode(REFUSED_LINE);

/** Text lines, and what a parser made of each. */
const PARSED: readonly (readonly [text: string | Uint8Array, line: string])[] = [
  ['<13>web-1 shop: order placed', '{"host":"web-1","service":"shop","message":"order placed"}'],
  ['order lost', '{"message":"order lost","parse_status":"none"}'],
  [Buffer.from([0x61, 0xff]), '{"message":"a\ufffd","parse_status":"none"}'],
  ['no order', `${REFUSED}not_an_order`],
  ['status is high', '{"status":"high"}'],
];

/** A block as a parser hands it on. */
function makeParsedBlock(stream: ReturnType<typeof makeStream>): Block {
  const block = makeStreamBlock(
    stream,
    PARSED.map(([, line]) => line),
  );
  const raw = Buffer.concat(PARSED.flatMap(([text]) => [Buffer.from(text), Buffer.from('\n')]));
  return { ...block, raw };
}

/** What becomes of text that a parser made lines of: `Block.raw`. */
export const textCases: readonly TierCase[] = [
  {
    promise: 'text',
    name: 'is kept with the event, unless the message is the same bytes',
    distributed: 'the same columns; the text as a string, or binary data where it is no UTF-8',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const block = makeParsedBlock(stream);
      await tier.insert(makeTierBatch(stream, [block]));
      const found = (row: number): Promise<StoredEvent | undefined> =>
        tier.find(tenant, [stream], { block: block.header.id, row });
      const [parsed, same, bytes] = [await found(0), await found(1), await found(2)];
      const shown = (event: StoredEvent | undefined): unknown[] => [
        event?.['message'],
        event?.['raw'],
        event?.['raw_base64'],
        event?.['original'],
      ];
      const text = '<13>web-1 shop: order placed';
      assert.deepEqual(shown(parsed), ['order placed', text, undefined, text]);
      assert.deepEqual(shown(same), ['order lost', undefined, undefined, 'order lost']);
      assert.deepEqual(shown(bytes), ['a\ufffd', undefined, 'Yf8=', 'a\ufffd']);
      assert.equal(parsed?.['service'], 'shop');
    },
  },
  {
    promise: 'text',
    name: 'is what quarantine keeps, for the reason of the parser or of a field',
    distributed: 'the same rows',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const block = makeParsedBlock(stream);
      await tier.insert(makeTierBatch(stream, [block]));
      const page = await tier.quarantine({ tenant, limit: 10 });
      const refused = page.events.map(({ reason, raw }) => [reason, raw]);
      assert.deepEqual(refused, [
        ['not_an_order', 'no order'],
        ['type:status', 'status is high'],
      ]);
    },
  },
  {
    promise: 'text',
    name: 'is kept for rows that follow later, and where the engine refuses a row',
    distributed: 'the same',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const block = makeParsedBlock(stream);
      await tier.refuse(makeTierBatch(stream, [block], rowsIn(block, [1, 2, 3, 4])), 'engine:1');
      await tier.insert(makeTierBatch(stream, [block], rowsIn(block, [0])));
      const rows = { stored: [1, 2], refused: ['0 engine:1', '3 not_an_order', '4 type:status'] };
      assert.deepEqual(await rowsOf(tier, stream, [block]), [rows]);
      const { events } = await tier.quarantine({ tenant, reason: 'engine:1', limit: 1 });
      assert.equal(events[0]?.raw, '<13>web-1 shop: order placed');
    },
  },
  {
    promise: 'text',
    name: 'is what makes a line a refusal: one that came so is no JSON',
    distributed: 'the same',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const block = makeStreamBlock(stream, [`${REFUSED}not_an_order`]);
      await tier.insert(makeTierBatch(stream, [block]));
      assert.deepEqual(await rowsOf(tier, stream, [block]), [{ stored: [], refused: ['0 not_json'] }]);
    },
  },
];
