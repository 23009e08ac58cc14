import assert from 'node:assert/strict';
import type { Block } from '#event-model';
import type { StoredLine, StreamPart } from '#plugin-kit';
import type { ContractTier, TierCase } from './contract-case.js';
import { batchOf, eventsOf, EVER, linesOf, rewriteDay, storeText, textOf } from './rewrite-scene.js';
import { at, makeQuery, makeStream, MIXED_LINES, MIXED_ROWS, rowsOf, storeLines } from './scene.js';

const DAY = '2026-11-20T08:00:0';

/** Stored events are read anew. */
export const rewriteCases: readonly TierCase[] = [
  {
    promise: 'rewrite',
    name: 'says what is stored of a time span, day by day, and in which form',
    distributed: 'the same table functions on each shard; tiers without parts leave this out',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      assert.deepEqual(await tier.storedParts(stream, EVER), []);
      await storeLines(tier, stream, MIXED_LINES);
      await storeText(tier, stream, ['a=1', 'b=2'], ['{"message":"a=1"}', '{"message":"b","parser":"p"}']);
      const parts = await tier.storedParts(stream, EVER);
      assert.deepEqual(
        parts.map(({ day, generation, partEvents }) => [day, generation, partEvents]),
        [
          [20261121, 0, 2],
          [20261120, 0, 2],
          [20261119, 0, 1],
        ],
      );
      assert.deepEqual(
        new Set(parts[0]?.forms),
        new Set([
          { form: 'message', parser: '', events: 1 },
          { form: 'text', parser: 'p', events: 1 },
        ]),
      );
      assert.deepEqual(parts[1]?.forms, [{ form: 'json_remade', parser: '', events: 2 }]);
      assert.ok(parts.every(({ diskBytes }) => diskBytes > 0));
      const span = { from: at(`${DAY}0Z`), to: at(`${DAY}0.000000001Z`) };
      const [one, ...others] = await tier.storedParts(stream, span);
      assert.deepEqual(
        [one?.day, one?.forms, others],
        [20261120, [{ form: 'json_remade', parser: '', events: 1 }], []],
      );
    },
  },
  {
    promise: 'rewrite',
    name: 'lists the blocks of a day page by page, with what they have and take of it',
    distributed: 'the same, of the shard that owns the day',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      const big = 'x'.repeat(100_000);
      const sent = [
        [
          `{"timestamp":"${DAY}1Z","message":"m"}`,
          '{"timestamp":"2026-11-19T08:00:00Z","message":"other day"}',
        ],
        [`{"timestamp":"${DAY}2Z","message":"m","free":"${big}"}`],
        [`{"timestamp":"${DAY}3Z","message":"${big}"}`, `{"timestamp":"${DAY}3Z","message":"m"}`],
      ];
      const blocks: Block[] = [];
      for (const lines of sent) blocks.push(await storeLines(tier, stream, lines));
      const part: StreamPart = { stream, day: 20261120, generation: 0 };
      const first = await tier.blocksOfPart(part, { limit: 2 });
      const after = first.at(-1)?.block;
      const rest = await tier.blocksOfPart(part, { limit: 2, ...(after !== undefined && { after }) });
      const found = [...first, ...rest];
      const ids = blocks.map(({ header }) => header.id).sort();
      assert.deepEqual([first.length, found.map(({ block }) => block)], [2, ids]);
      const of = (block: Block | undefined) => found.find((one) => one.block === block?.header.id);
      assert.deepEqual(
        blocks.map((block) => of(block)?.events),
        [1, 1, 2],
      );
      const bytes = blocks.map((block) => of(block)?.bytes ?? 0);
      const isNear = (n: number): boolean => n >= big.length && n < big.length + 2_000;
      assert.deepEqual(
        bytes.map((n) => isNear(n)),
        [false, true, true],
      );
      assert.ok(Number(bytes[0]) > 0 && Number(bytes[0]) < 2_000);
    },
  },
  {
    promise: 'rewrite',
    name: 'gives back the line of each event, equal to what was sent',
    distributed: 'the same columns; blocks of documents',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      const sent = [
        `{"timestamp":"${DAY}1Z","message":"m","uid":"u","status":204,"delta":-9223372036854775808,"bytes":18446744073709551615,"latency_ms":1.5,"ok":true}`,
        `{"timestamp":"${DAY}2Z","message":"m","big":12345678901234567890,"n":1.50,"o":{"a":[1,null]},"__proto__":1}`,
        `{"timestamp":"${DAY}3Z","message":"m","attributes":{"k":"v","message":"other"}}`,
        `{"timestamp":"${DAY}4Z","message":"m","message":"twice"}`,
      ];
      await storeLines(tier, stream, sent);
      const before = await eventsOf(tier, stream);
      const lines = await linesOf(tier, stream, 20261120);
      assert.deepEqual(
        lines.map(({ row }) => row),
        [0, 1, 2, 3],
      );
      assert.equal(textOf(lines[3]), sent[3]);
      assert.match(textOf(lines[1]), /"big":12345678901234567890,"n":1\.50?/);
      const report = await rewriteDay(tier, stream, 20261120, (line) => textOf(line));
      assert.deepEqual(report, { changed: 0, kept: [] });
      assert.deepEqual(await eventsOf(tier, stream), before);
    },
  },
  {
    promise: 'rewrite',
    name: 'says who sent a line of text, where that is stored',
    distributed: 'the same, of the shard that owns the day',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const from = '"network.peer.address":"2001:db8::1",';
      const times = [1, 2].map((second) => `"timestamp":"${DAY}${second}Z"`);
      await storeText(tier, stream, ['a', 'b'], [`{${from}${times[0]}}`, `{${times[1]}}`]);
      const lines = await linesOf(tier, stream, 20261120);
      assert.deepEqual(
        lines.map(({ peer }) => peer),
        ['2001:db8::1', undefined],
      );
    },
  },
  {
    promise: 'rewrite',
    name: 'replaces what is read otherwise now, and keeps place, origin, day, client id and all other events',
    distributed: 'REPLACE PARTITION on the shard that owns the day',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      const mixed = await storeLines(tier, stream, MIXED_LINES);
      const known = await storeLines(tier, stream, [`{"timestamp":"${DAY}5Z","id":"mine","message":"old"}`]);
      const late = await storeLines(tier, stream, [`{"timestamp":"${DAY}6Z","message":"late"}`]);
      const change = (line: StoredLine): string => {
        if (line.block === known.header.id)
          return `{"timestamp":"${DAY}7Z","id":"other","level":"WARN","message":"new"}`;
        if (line.block === late.header.id) return `{"timestamp":"2026-11-19T08:00:00Z","message":"moved"}`;
        return line.row === 0 ? 'no json any more' : textOf(line);
      };
      const { changed, kept } = await rewriteDay(tier, stream, 20261120, change);
      assert.equal(changed, 1);
      assert.deepEqual(kept, [
        { block: mixed.header.id, row: 0, reason: 'not_json' },
        { block: late.header.id, row: 0, reason: 'other_day' },
      ]);
      const check = async (now: ContractTier): Promise<void> => {
        const events = await eventsOf(now, stream);
        assert.equal(events.length, 5);
        const one = events.find(({ id }) => id === 'mine');
        assert.deepEqual(
          [one?.['message'], one?.['level'], one?.timestamp],
          ['new', 'WARN', `${DAY}7.000000000Z`],
        );
        const messages = events.map(({ message }) => message);
        assert.ok(messages.includes('late') && messages.includes('order placed'));
        assert.deepEqual(await rowsOf(now, stream, [mixed, known, late]), [
          MIXED_ROWS,
          { stored: [0], refused: [] },
          { stored: [0], refused: [] },
        ]);
        assert.deepEqual(await now.checkRollUps(stream), []);
      };
      await check(tier);
      await check(await reopen());
    },
  },
  {
    promise: 'rewrite',
    name: 'has what came meanwhile, and makes the day’s roll-ups again',
    distributed: 'the same',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      const block = await storeLines(tier, stream, [
        `{"timestamp":"${DAY}5Z","level":"INFO","message":"old"}`,
      ]);
      const part: StreamPart = { stream, day: 20261120, generation: 0 };
      await tier.beginRewrite(part);
      await tier.rewrite(
        part,
        [block.header.id],
        batchOf(stream, block, `{"timestamp":"${DAY}5Z","level":"ERROR","message":"new"}`),
      );
      const more = await storeLines(tier, stream, [`{"timestamp":"${DAY}6Z","message":"more"}`]);
      assert.equal(await tier.catchUpRewrite(part), 1);
      assert.equal(await tier.catchUpRewrite(part), 0);
      const last = await storeLines(tier, stream, [`{"timestamp":"${DAY}7Z","message":"last"}`]);
      await tier.finishRewrite(part);
      const events = await eventsOf(tier, stream);
      assert.deepEqual(
        events.map(({ message }) => message),
        ['new', 'more', 'last'],
      );
      assert.equal((await rowsOf(tier, stream, [more, last])).flatMap(({ stored }) => stored).length, 2);
      const levels = await tier.aggregate({
        ...makeQuery([stream]),
        ...{ metrics: [{ name: 'events', function: 'count' }], groupBy: ['level'], fill: false },
        orderBy: 'events',
        order: 'desc',
      });
      assert.deepEqual(levels.source, 'roll_up');
      assert.ok(levels.buckets.some(({ group }) => group[0] === 'ERROR'));
      assert.ok(!levels.buckets.some(({ group }) => group[0] === 'INFO'));
      assert.deepEqual(await tier.checkRollUps(stream), []);
    },
  },
  {
    promise: 'rewrite',
    name: 'shows nothing of a copy that was given up, or that an ended process left',
    distributed: 'the copy is a table without views',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      const block = await storeLines(tier, stream, [`{"timestamp":"${DAY}5Z","message":"old"}`]);
      const before = await eventsOf(tier, stream);
      const part: StreamPart = { stream, day: 20261120, generation: 0 };
      const fill = async (now: ContractTier): Promise<void> => {
        await now.beginRewrite(part);
        await now.rewrite(
          part,
          [block.header.id],
          batchOf(stream, block, `{"timestamp":"${DAY}5Z","message":"new"}`),
        );
      };
      await fill(tier);
      await tier.abandonRewrite(stream);
      await tier.abandonRewrite(stream);
      assert.deepEqual(await eventsOf(tier, stream), before);
      await fill(tier);
      const again = await reopen();
      assert.deepEqual(await eventsOf(again, stream), before);
      await fill(again);
      await again.finishRewrite(part);
      assert.deepEqual(
        (await eventsOf(again, stream)).map(({ message }) => message),
        ['new'],
      );
    },
  },
];
