import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime, type BlockId, type EventTypeDeclaration } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { randomCases } from '../../test/support/random-cases.js';
import { fuzzSeed } from './testing/fuzz/fuzz-seed.js';
import { hostileLine, longLine } from './testing/fuzz/hostile-line.js';
import { readBack, storedRows } from './testing/fuzz/read-back.js';
import { outcomeProblem } from './testing/fuzz/verdict.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf, EVERY_FIELD } from './testing/sample-events.js';
import log from '../event-type-log/index.js';
import login from '../event-type-login/index.js';
import serviceLog from '../event-type-service-log/index.js';

/** Batches of lines for each event type; more of them find rarer things. */
const BATCHES = Number(process.env['ALLUVIUM_FUZZ_BATCHES'] ?? randomCases({ few: 2, all: 8 }));
const LINES = 200;
const SEED = fuzzSeed();
const RECEIVED = parseTime('2026-11-21T12:00:00.123456789Z') ?? 0n;
const TYPES = [EVERY_FIELD, log.eventType, serviceLog.eventType, login.eventType];

/** Lines that were once not given back as they were sent. */
const FOUND_BEFORE = [
  '{"message":"first","message":"second"}',
  '{"a":{"b":1,"b":{"c":2,"c":3}},"n":[{"x":1,"x":2}]}',
  '\ufeff{"a":1,"a":2}',
  '{"event_type":"every-field"}',
  '{"timestamp":"2026-11-21T12:00:00.123456789Z","message":"m"}',
  '{"ts":"2026-11-21T12:00:00.123456789Z","event_type":"every-field"}',
  `{"trace_id":"${'0'.repeat(32)}","span_id":"${'0'.repeat(16)}"}`,
  '{"user_id":"x","A":"","user_id":null}',
  '{"ts":"Nov 20 2026","timestamp":null,"ok":false,"event_type":"every-field","event_type":"every-field"}',
  '{"uid":"y","user_id":null,"user_id":"x"}',
];

let open: TierUnderTest;
beforeAll(async () => {
  open = await openTier();
});
afterAll(() => open.close());

describe(`hostile lines (ALLUVIUM_FUZZ_SEED=${SEED})`, () => {
  it.each(TYPES.map((type) => [type.name, type] as const))(
    'as %s are each found as they were sent, or refused for a reason that holds',
    async (_name, eventType) => {
      const stream = await freshStream(eventType);
      for (let n = 0; n < BATCHES; n += 1) {
        const lines = fc.sample(hostileLine(eventType), { numRuns: LINES, seed: SEED + n });
        expect(await problemsOf(stream, lines), `seed ${SEED}, batch ${n}`).toEqual([]);
      }
    },
    20_000 + BATCHES * 10_000,
  );

  it('are refused for the type of a field also under its alias', async () => {
    const stream = await freshStream(serviceLog.eventType);
    const report = await open.tier.insert(
      batchOf(stream, ['{"message":"m","duration_ms":"slow"}', '{"message":"m","duration_ms":"1.5"}']),
    );
    expect(report).toMatchObject({ stored: 1, quarantined: [{ row: 0, reason: 'type:latency_ms' }] });
  });

  it.each([
    ['status', '"status":200,"status_code":70000'],
    ['status', '"status":200,"status_code":6608343505475846643,"message":"m"'],
    ['latency_ms', '"latency_ms":1.5,"duration_ms":"slow"'],
    ['ok', '"ok":true,"success":2'],
  ])('are refused for the type of %s where its alias stands beside it: %s', async (name, fields) => {
    const report = await open.tier.insert(batchOf(await freshStream(EVERY_FIELD), [`{${fields}}`]));
    expect(report).toMatchObject({ stored: 0, quarantined: [{ row: 0, reason: `type:${name}` }] });
  });

  it('that fuzzing found before are given back as they were sent', async () => {
    const stream = await freshStream(EVERY_FIELD);
    const lines = FOUND_BEFORE.map((line) => Buffer.from(line));
    expect(await problemsOf(stream, lines)).toEqual([]);
  });

  it('of up to 1 MiB neither fail an insert nor harm their neighbours', async () => {
    const stream = await freshStream(log.eventType);
    const lines = [0, 1, 2, 3].flatMap((kind) => [
      longLine(1_040_000, kind),
      Buffer.from('{"message":"between"}'),
    ]);
    expect(await problemsOf(stream, lines)).toEqual([]);
  });
});

/** Stores the lines and says which of them were not kept as they should be. */
async function problemsOf(stream: StreamSpec, lines: readonly Uint8Array[]): Promise<readonly string[]> {
  const batch = batchOf(stream, lines, RECEIVED);
  const report = await open.tier.insert(batch);
  const found = await readBack(open, stream, batch.blocks[0]?.header.id as BlockId);
  const once = await storedRows(open, stream);
  const again = await open.tier.insert(batch);
  expect(await storedRows(open, stream), 'after the same batch again').toEqual(once);
  expect([report.stored + report.quarantined.length, again]).toEqual([lines.length, report]);
  return lines.flatMap((line, row) => {
    const outcome = found.get(row);
    const problem = outcome
      ? outcomeProblem(stream.eventType, line, outcome, RECEIVED)
      : 'nowhere to be found';
    return problem === undefined
      ? []
      : [`${problem}\n  ${JSON.stringify(Buffer.from(line).toString().slice(0, 1_500))}`];
  });
}

let streams = 0;
async function freshStream(eventType: EventTypeDeclaration): Promise<StreamSpec> {
  const stream = { ...open.stream, name: `fuzz${(streams += 1)}`, eventType };
  await open.tier.prepare(stream);
  return stream;
}
