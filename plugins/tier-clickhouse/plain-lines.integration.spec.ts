import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventTypeDeclaration } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { randomCases } from '../../test/support/random-cases.js';
import log from '../event-type-log/index.js';
import login from '../event-type-login/index.js';
import serviceLog from '../event-type-service-log/index.js';
import { columnsOf } from './schema/columns.js';
import { AS_WRITTEN, renderParse } from './schema/parse.js';
import { selectOthers, selectPlain } from './schema/plain-lines.js';
import { SEALED_COLUMNS, sealedValues } from './schema/sealed-days.js';
import type { Source } from './schema/step.js';
import { NOT_PUSHED_DOWN } from './write/row-file.js';
import { fuzzSeed } from './testing/fuzz/fuzz-seed.js';
import { hostileLine } from './testing/fuzz/hostile-line.js';
import { misleadingLine } from './testing/fuzz/misleading-line.js';
import { wholeLine } from './testing/fuzz/whole-line.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf, EVERY_FIELD } from './testing/sample-events.js';

/** Lines of each event type. */
const LINES = randomCases({ few: 6_000, all: 20_000 });
const SEED = fuzzSeed();
const TYPES: readonly EventTypeDeclaration[] = [
  EVERY_FIELD,
  log.eventType,
  serviceLog.eventType,
  login.eventType,
];
const RECEIVED = "toDateTime64('2026-11-21 12:00:00.123456789', 9, 'UTC')";

/** What a line was made of, by turns: nothing, its message, another text; a refusal's text is never plain. */
const ORIGINAL = "['', JSONExtractString(line, 'message'), concat('<13>', line)][_row_number % 3 + 1]";

let open: TierUnderTest;
let directory: string;
/** Which of the known lines are plain: asked for all at once. */
let plainRows: ReadonlySet<number>;
beforeAll(async () => {
  open = await openTier();
  directory = await mkdtemp(join(tmpdir(), 'alluvium-plain-'));
  const known = await fileOf(KNOWN.map(([line]) => line));
  const rows = await read(`SELECT row FROM (${selectPlain(open.stream, known)})`);
  plainRows = new Set(rows.map(({ row }) => Number(row)));
});
afterAll(async () => {
  await open.close();
  await rm(directory, { recursive: true });
});

async function fileOf(lines: readonly (string | Uint8Array)[]): Promise<Source> {
  const path = join(directory, `${lines.length}.ndjson`);
  await writeFile(path, Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')])));
  const identity = `toFixedString('b', 16) AS block, toUInt32(_row_number) AS row, ${RECEIVED} AS received_at, 's' AS source`;
  return {
    table: `(SELECT ${identity}, ${sealedValues()}, line, ${ORIGINAL} AS original FROM file('${path}', LineAsString, 'line String'))`,
    columns: ['block', 'row', 'received_at', 'source', ...SEALED_COLUMNS, 'line', 'original'],
  };
}

/** As inserts do it: else the engine rewrites and compiles for minutes, and needs gigabytes for what it works out late. */
async function read(statement: string): Promise<Record<string, unknown>[]> {
  const inLevels = `${statement} SETTINGS ${AS_WRITTEN.join(', ')}`;
  return (await open.engine.run(inLevels, { lane: 'read' })).rows<Record<string, unknown>>();
}

function streamOf(eventType: EventTypeDeclaration): StreamSpec {
  return { ...open.stream, eventType };
}

/**
 * What the whole parse makes of the lines that it doesn't refuse. The limit leaves none away: it keeps the condition
 * out of the parse, which the engine would work through for each of its mentions (14 s of CPU a statement).
 */
function parsed(stream: StreamSpec, source: Source): string {
  const names = columnsOf(stream.eventType).map(({ name }) => `\`${name}\``);
  return `SELECT ${names.join(', ')} FROM (SELECT * FROM (${renderParse(stream, source.table)}) ${NOT_PUSHED_DOWN}) WHERE reason = ''`;
}

async function countOf(statement: string): Promise<number> {
  return Number((await read(`SELECT count() AS n FROM (${statement})`))[0]?.['n']);
}

/** Lines, and whether each is plain. */
const KNOWN: readonly (readonly [line: string, plain: number])[] = [
  ['{"message":"m","user_id":"u","latency_ms":1.5,"status":200,"ok":true,"delta":-3}', 1],
  ['{"timestamp":"2026-11-21T03:00:00Z","message":"a \\"quoted\\" word, \\\\ and a [bracket]"}', 1],
  ['{"timestamp":1795230000,"message":"m"}', 1],
  ['{"message":":"}', 1],
  ['{"message":"m","other":"x","more":[1,"a"],"empty":null,"fifth":1.50,"":true}', 1],
  ['{"message":"m","other":"x","other":"y"}', 0],
  ['{"message":"m","uid":"under an alias"}', 0],
  ['{"message":"m","user_id":null}', 0],
  ['{"message":"m","other":{"a":1}}', 0],
  ['{"other":"x"}', 0],
  ['{"message":5,"other":"x"}', 0],
  ['{"message":5,":":6}', 0],
  ['{"message":["a"],":":"x"}', 0],
  ['{"a\\"status":5,"status" :"200"}', 0],
  [`{"message":"m","${'k'.repeat(257)}":1}`, 0],
  [`{"message":"m",${Array.from({ length: 501 }, (_, n) => `"k${n}":1`).join(',')}}`, 0],
  ['{"msg":"under an alias"}', 0],
  ['{"message":""}', 0],
  ['{"message":null}', 0],
  ['{"message":5}', 0],
  ['{"message":[":"]}', 0],
  ['{"message" : [":" ], "user_id":"u"}', 0],
  ['{"message" :{"a":"b"}}', 0],
  ['{"message":"a","message":"a"}', 0],
  ['{"status":"200"}', 0],
  ['{"status" : "200"}', 0],
  ['{"status":true}', 0],
  ['{"status":70000}', 0],
  ['{"latency_ms":true}', 0],
  ['{"ok":1}', 0],
  ['{"message":5,"status":"200"}', 0],
  ['{"trace_id":"ABCDEF00000000000000000000000000"}', 0],
  ['{"timestamp":"yesterday","message":"m"}', 0],
  ['{"timestamp":"2036-01-01T00:00:00Z","message":"m"}', 0],
  ['{"timestamp":"2026-11-21T12:00:00.123456789Z","message":"m"}', 0],
  ['{"event_type":"every-field","message":"m"}', 0],
  ['{}', 0],
  ['not json', 0],
  ['["a"]', 0],
];

describe(`plain lines (ALLUVIUM_FUZZ_SEED=${SEED})`, () => {
  it.each(TYPES.map((type) => [type.name, type] as const))(
    'as %s have the columns that the whole parse gives them',
    async (_name, eventType) => {
      const stream = streamOf(eventType);
      const line = fc.oneof(misleadingLine(eventType), hostileLine(eventType));
      const lines = fc
        .sample(line, { numRuns: LINES, seed: SEED })
        .map((one, n) => (n % 2 === 0 ? one : wholeLine(eventType, Buffer.from(one))));
      const source = await fileOf(lines);
      const plain = selectPlain(stream, source);
      expect(await read(`SELECT * FROM (${plain} EXCEPT ${parsed(stream, source)}) LIMIT 3`)).toEqual([]);
      const [plainLines, otherLines] = [await countOf(plain), await countOf(selectOthers(stream, source))];
      expect(plainLines + otherLines).toBe(LINES);
      expect(plainLines).toBeGreaterThan(50);
    },
    120_000,
  );

  it.each(KNOWN.map(([line, plain], row) => [line, plain, row] as const))('%s: %i', (_line, plain, row) => {
    expect(plainRows.has(row) ? 1 : 0).toBe(plain);
  });
});

describe('a batch of plain lines', () => {
  const lines = Array.from({ length: 30 }, (_, n) => `{"message":"number ${n}"}`);

  it('with some others is stored whole, refused lines with their reason', async () => {
    const others = ['{"message":"m","other":1}', 'not json'];
    const report = await open.tier.insert(batchOf(open.stream, [...lines, ...others]));
    expect(report.stored).toBe(31);
    expect(report.quarantined).toMatchObject([{ row: 31, reason: 'not_json' }]);
  });

  it('that is written twice changes nothing, also where the next batch was another kind', async () => {
    const [first, odd] = [batchOf(open.stream, lines), batchOf(open.stream, ['{"a":1}', '{"b":2}'])];
    const before = await open.tier.count(open.stream);
    for (const batch of [first, odd, first, odd]) await open.tier.insert(batch);
    expect(await open.tier.count(open.stream)).toBe(before + 32);
    expect(await open.tier.checkRollUps(open.stream)).toEqual([]);
  });
});
