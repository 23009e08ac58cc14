import assert from 'node:assert/strict';
import { open, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchivedPart, StreamSpec } from '#plugin-kit';
import type { ContractTier, TierCase, TierHarness } from './contract-case.js';
import { at, makeStream, MIXED_LINES, storeLines } from './scene.js';

const DAY = 20_261_120;

/** Events whose values readers and writers of other formats like to change. */
const NASTY_LINES = [
  '{"message":"","service":"","region":"","user_id":""}',
  '{"message":"nulls","status":null,"bytes":null,"delta":null,"latency_ms":null,"ok":null,"more":null}',
  '{"message":"limits","status":65535,"bytes":18446744073709551615,"delta":-9223372036854775808,"ok":true}',
  '{"message":"more limits","status":0,"bytes":0,"delta":9223372036854775807,"latency_ms":-0.0,"ok":false}',
  '{"message":"floats","latency_ms":1.7976931348623157e308}',
  '{"message":"small floats","latency_ms":5e-324}',
  '{"message":"zero","latency_ms":0}',
  '{"message":"maps","b":1,"a":{"deep":[1,{"x":"ü"}]},"":"empty key","n":12345678901234567890}',
  '{"message":"quotes \' \\" \\\\ {x:String} \\u0000 \\n \\ud83e\\udea8","k\'\\"\\\\":"v"}',
  '{"message":"id","id":"client-1","trace_id":"0123456789abcdef0123456789abcdef","level":"Error"}',
].map((line, n) => line.replace('{', `{"timestamp":"2026-11-20T08:00:00.00000000${n}Z",`));

async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'alluvium-archive-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function archivedPart(tier: ContractTier, stream: StreamSpec): Promise<ArchivedPart> {
  const part = { stream, day: DAY, generation: 0 };
  const counted = await tier.countUnit(part);
  assert.ok(counted);
  return { ...part, through: counted.through };
}

/** A stream with two blocks of a day's events, and its unit. */
async function scene({ tier, tenant }: TierHarness): Promise<ArchivedPart> {
  const stream = makeStream(tenant);
  await storeLines(tier, stream, [...MIXED_LINES, ...NASTY_LINES], { source: 'b' });
  await storeLines(tier, stream, NASTY_LINES.toReversed(), { source: 'a' });
  return archivedPart(tier, stream);
}

/** Units as files. */
export const archiveCases: readonly TierCase[] = [
  {
    promise: 'archive',
    name: 'a unit as a file has the fingerprint that it has in the table, whatever values its events have',
    distributed: 'each shard’s rows; the file is read by the process that wrote it',
    async run(harness) {
      const { tier } = harness;
      const part = await scene(harness);
      const inTable = await tier.fingerprintUnit(part);
      assert.equal(inTable.events, 2 * NASTY_LINES.length + 2);
      assert.deepEqual(inTable.sources, [
        { source: 'a', events: NASTY_LINES.length },
        { source: 'b', events: NASTY_LINES.length + 2 },
      ]);
      assert.deepEqual(
        [inTable.oldest, inTable.newest],
        [at('2026-11-20T08:00:00Z'), at('2026-11-20T08:00:00.000000009Z')],
      );
      await withFolder(async (folder) => {
        const paths = [join(folder, 'a.parquet'), join(folder, 'b.parquet')] as const;
        const columns = await tier.exportUnit(part, paths[0]);
        tier.checkColumns(part.stream.eventType, columns);
        const [first, ...others] = columns.toReversed();
        assert.ok(first);
        const foreign = [{ ...first, type: 'UInt8' }, ...others];
        assert.throws(() => tier.checkColumns(part.stream.eventType, foreign), { failure: 'config' });
        const unknown = [...columns, { name: 'unknown', type: 'String' }];
        assert.throws(() => tier.checkColumns(part.stream.eventType, unknown), /unknown, which/);
        assert.deepEqual(await tier.fingerprintFile(paths[0], columns), inTable);
        const [lines, again] = [join(folder, 'a.ndjson'), join(folder, 'again.parquet')];
        await tier.linesOfFile(paths[0], columns, lines);
        const written = (await readFile(lines, 'utf8')).trimEnd().split('\n');
        assert.equal(written.length, inTable.events);
        const names = columns.map(({ name }) => name);
        for (const line of written) assert.deepEqual(Object.keys(JSON.parse(line) as object), names);
        await tier.fileOfLines(lines, columns, again);
        assert.deepEqual(await tier.fingerprintFile(again, columns), inTable);
        await tier.exportUnit(part, paths[1]);
        assert.ok((await readFile(paths[0])).equals(await readFile(paths[1])), 'the same bytes again');
      });
    },
  },
  {
    promise: 'archive',
    name: 'what came since a unit was counted is in neither; another event makes another fingerprint',
    distributed: 'by block, as in the table',
    async run(harness) {
      const { tier } = harness;
      const part = await scene(harness);
      const before = await tier.fingerprintUnit(part);
      await storeLines(tier, part.stream, NASTY_LINES.slice(0, 1), { source: 'b' });
      assert.deepEqual(await tier.fingerprintUnit(part), before);
      await withFolder(async (folder) => {
        const path = join(folder, 'a.parquet');
        const columns = await tier.exportUnit(part, path);
        assert.deepEqual(await tier.fingerprintFile(path, columns), before);
      });
      const after = await tier.fingerprintUnit(await archivedPart(tier, part.stream));
      assert.equal(after.events, before.events + 1);
      assert.notEqual(after.sum, before.sum);
      assert.notEqual(after.xor, before.xor);
      const nothing = await tier.fingerprintUnit({ ...part, day: DAY + 1 });
      assert.deepEqual(nothing, { events: 0, sum: '0', xor: '0', sources: [] });
    },
  },
  {
    promise: 'archive',
    name: 'a file that was cut, changed or is none is noticed, and so are columns that it does not have',
    distributed: 'as in the process',
    async run(harness) {
      const { tier } = harness;
      const part = await scene(harness);
      const right = await tier.fingerprintUnit(part);
      await withFolder(async (folder) => {
        const path = join(folder, 'a.parquet');
        const columns = await tier.exportUnit(part, path);
        const bytes = await readFile(path);
        const wrong = tier.fingerprintFile(path, [...columns, { name: 'missing', type: 'String' }]);
        await assert.rejects(wrong, { name: 'TierError' });
        const injected = [{ name: 'a', type: "String'), file('/etc/passwd" }];
        await assert.rejects(tier.fingerprintFile(path, injected), { failure: 'config' });
        await writeFile(path, bytes);
        await truncate(path, bytes.length - 9);
        await assert.rejects(tier.fingerprintFile(path, columns), { name: 'TierError' });
        await writeFile(path, 'no Parquet at all');
        await assert.rejects(tier.fingerprintFile(path, columns), { name: 'TierError' });
        for (const place of [0.2, 0.35, 0.5]) {
          await writeFile(path, bytes);
          await flip(path, Math.trunc(bytes.length * place));
          const read = await tier.fingerprintFile(path, columns).catch(() => undefined);
          assert.notDeepEqual(read, right, `a byte at ${place}`);
        }
      });
    },
  },
  {
    promise: 'archive',
    name: 'files of one day become one with all of their events, the same bytes in whatever order they are given',
    distributed: 'as in the process',
    async run(harness) {
      const { tier } = harness;
      const late = await scene(harness);
      await withFolder(async (folder) => {
        const [first, all] = [join(folder, 'first.parquet'), join(folder, 'all.parquet')];
        await tier.exportUnit(late, first);
        const before = await tier.fingerprintUnit(late);
        await storeLines(tier, late.stream, [...MIXED_LINES, ...NASTY_LINES], { source: 'c' });
        const whole = await archivedPart(tier, late.stream);
        const columns = await tier.exportUnit(whole, all);
        const sortedBy = [...late.stream.eventType.sortBy, 'timestamp', 'block', 'row'];
        const merged = [join(folder, 'm.parquet'), join(folder, 'n.parquet')] as const;
        await tier.mergeFiles([first, all], { columns, sortedBy }, merged[0]);
        await tier.mergeFiles([all, first], { columns, sortedBy }, merged[1]);
        const [once, one] = [
          await tier.fingerprintUnit(whole),
          await tier.fingerprintFile(merged[0], columns),
        ];
        assert.equal(one.events, before.events + once.events);
        assert.equal(one.sum, String(BigInt.asUintN(64, BigInt(before.sum) + BigInt(once.sum))));
        assert.equal(one.xor, String(BigInt(before.xor) ^ BigInt(once.xor)));
        assert.ok((await readFile(merged[0])).equals(await readFile(merged[1])), 'the same bytes');
        const alone = join(folder, 'alone.parquet');
        await tier.mergeFiles([all], { columns, sortedBy }, alone);
        assert.ok((await readFile(alone)).equals(await readFile(all)), 'the order of the table');
        await truncate(first, 9);
        const cut = tier.mergeFiles([all, first], { columns, sortedBy }, join(folder, 'cut.parquet'));
        await assert.rejects(cut, { name: 'TierError' });
      });
    },
  },
];

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte.writeUInt8(byte.readUInt8() ^ 0x10);
  await file.write(byte, 0, 1, at);
  await file.close();
}
