import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime, type EventTypeDeclaration } from '#event-model';
import { isRefusal, mapEvent } from '#plugin-kit';
import { randomCases } from '../../test/support/random-cases.js';
import access from '../event-type-access/index.js';
import audit from '../event-type-audit/index.js';
import log from '../event-type-log/index.js';
import login from '../event-type-login/index.js';
import security from '../event-type-security/index.js';
import serviceLog from '../event-type-service-log/index.js';
import { mapInEngine, type EngineMapping } from './testing/fuzz/engine-mapping.js';
import { knownDifference } from './testing/fuzz/known-difference.js';
import { fuzzSeed } from './testing/fuzz/fuzz-seed.js';
import { hostileLine } from './testing/fuzz/hostile-line.js';
import { mappingDifference } from './testing/fuzz/mapping-difference.js';
import { misleadingLine } from './testing/fuzz/misleading-line.js';
import { numberLine } from './testing/fuzz/number-line.js';
import { wholeLine } from './testing/fuzz/whole-line.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { DECLARED, EVERY_FIELD } from './testing/sample-events.js';

/** Lines in all; `npm run fuzz:mappers` takes a million. */
const LINES = Number(process.env['ALLUVIUM_FUZZ_LINES'] ?? randomCases({ few: 8_000, all: 40_000 }));
const SEED = fuzzSeed();
const RECEIVED = parseTime('2026-11-21T12:00:00.123456789Z') ?? 0n;
const PLUGINS = [log, serviceLog, login, access, security, audit];
const TYPES = [EVERY_FIELD, DECLARED, ...PLUGINS.map(({ eventType }) => eventType)];
/** Lines of one statement. */
const BATCH = Math.min(5_000, Math.ceil(LINES / TYPES.length));

let open: TierUnderTest;
let directory: string;
beforeAll(async () => {
  open = await openTier();
  directory = await mkdtemp(join(tmpdir(), 'alluvium-mappers-'));
});
afterAll(async () => {
  await open.close();
  await rm(directory, { recursive: true });
});

function inEngine(eventType: EventTypeDeclaration, lines: readonly Uint8Array[]): Promise<EngineMapping[]> {
  const path = join(directory, 'lines.txt');
  return mapInEngine(open.engine, eventType, { lines, path, receivedAt: RECEIVED });
}

function linesOf(eventType: EventTypeDeclaration, seed: number): Buffer[] {
  const texts = fc.oneof(misleadingLine(eventType), numberLine(eventType)).map((text) => Buffer.from(text));
  const line = fc.oneof({ weight: 3, arbitrary: hostileLine(eventType) }, { weight: 2, arbitrary: texts });
  return fc
    .sample(line, { numRuns: BATCH, seed })
    .map((one, n) => (n % 2 === 0 ? one : wholeLine(eventType, one)));
}

describe(`both mappers (ALLUVIUM_FUZZ_SEED=${SEED})`, () => {
  it.each(TYPES.map((type) => [type.name, type] as const))(
    'make the same of every line as %s',
    async (_name, eventType) => {
      const counts = {
        ...{ lines: 0, taken: 0, refused: 0 },
        ...{ time: 0, repeated: 0, nulled: 0, infinite: 0, spaced: 0, quoted: 0, deep: 0 },
      };
      const problems: string[] = [];
      for (let n = 0; counts.lines < LINES / TYPES.length; n += 1) {
        const lines = linesOf(eventType, SEED + n);
        const engine = await inEngine(eventType, lines);
        expect(engine).toHaveLength(lines.length);
        counts.lines += lines.length;
        engine.forEach((theirs, row) => {
          const line = lines[row] ?? Buffer.of();
          counts['reason' in theirs ? 'refused' : 'taken'] += 1;
          const ours = mapEvent(eventType, line, RECEIVED);
          const difference = mappingDifference(theirs, ours);
          if (difference === undefined) return;
          const known = knownDifference(eventType, line, { theirs, ours });
          if (known) counts[known] += 1;
          else problems.push(`${difference}\n  ${JSON.stringify(line.toString().slice(0, 1_000))}`);
        });
      }
      process.stdout.write(`mappers, ${eventType.name}, seed ${SEED}: ${JSON.stringify(counts)}\n`);
      expect(problems.slice(0, 10)).toEqual([]);
    },
    60_000 + LINES * 2,
  );

  it.each<[what: string, line: string, engine: string, ours: string]>([
    ['time', '{"timestamp":"20 Nov 2026 08:15:30"}', '', 'bad:timestamp'],
    ['time', '{"timestamp":"20261120081530"}', '', 'bad:timestamp'],
    ['time', '{"timestamp":"2026-11-20T25:00:00Z"}', '', 'bad:timestamp'],
    ['repeated', '{"status":1,"status":"x","o":{}}', 'type:status', ''],
    ['infinite', '{"latency_ms":"1e400"}', '', 'type:latency_ms'],
    ['spaced', '{"message":"m","ok" :"yes"}', '', 'type:ok'],
    ['spaced', '{"message":"m","latency_ms" :"slow"}', '', 'type:latency_ms'],
    ['deep', `{"message":"m","a":${'['.repeat(64)}${']'.repeat(64)}}`, '', 'limit:depth'],
  ])('judge otherwise, as it is known (%s): %s', async (what, line, engine, ours) => {
    const [theirs] = await inEngine(EVERY_FIELD, [Buffer.from(line)]);
    const mine = mapEvent(EVERY_FIELD, Buffer.from(line), RECEIVED);
    expect([theirs && 'reason' in theirs ? theirs.reason : '', isRefusal(mine) ? mine.reason : '']).toEqual([
      engine,
      ours,
    ]);
    if (theirs) expect(knownDifference(EVERY_FIELD, Buffer.from(line), { theirs, ours: mine })).toBe(what);
  });

  it.each([
    ['repeated', '{"uid":"y","user_id":null,"user_id":"x"}', 'attribute "uid"'],
    ['nulled', '{"bytes":1,"timestamp":null,"ts":1763632800}', 'attribute "ts"'],
    ['quoted', '{"x\\"message":"a","msg":"b","z":1}', 'attribute "msg"'],
  ])('keep otherwise, as it is known (%s): %s', async (what, line, where) => {
    const [theirs] = await inEngine(EVERY_FIELD, [Buffer.from(line)]);
    const ours = mapEvent(EVERY_FIELD, Buffer.from(line), RECEIVED);
    expect(theirs && mappingDifference(theirs, ours)).toContain(where);
    expect(theirs && knownDifference(EVERY_FIELD, Buffer.from(line), { theirs, ours })).toBe(what);
  });
});
