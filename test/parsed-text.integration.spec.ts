import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBlock } from '#event-bus/testing';
import { formatEventId, parseTime, type Block, type BlockId } from '#event-model';
import { loadPlugins, type ParserRegistry } from '#plugin-host';
import type { SearchableTier, StoredEvent, StreamSpec, TierPlugin, WritableTier } from '#plugin-kit';
import { BlockParser } from '../apps/worker/pipeline/block-parser.js';
import { randomCases } from './support/random-cases.js';

const RUNS = randomCases({ few: 2, all: 6 });
const LINES = 400;
const SEED = Number(process.env['ALLUVIUM_FUZZ_SEED'] ?? 7) || Date.now() % 1_000_000;
const RECEIVED = parseTime('2026-11-21T12:00:00.000000001Z') ?? 0n;

const PIECES = [
  '<34>',
  '<7>',
  '1 ',
  '2003-10-11T22:14:15.003Z ',
  'Oct 11 22:14:15 ',
  '- ',
  'host ',
  'app[7]: ',
  'app: ',
  'CEF:0|a|b|1|2|n|5|',
  'LEEF:2.0|a|b|1|2|^|',
];
const MARKS = [
  '[a x="1"] ',
  '[a x="\\"]',
  '{"message":',
  '"m"',
  '}',
  '{"a":[1,{"b":null}]}',
  '\ufeff',
  '\u0001',
  '\t',
  '"',
  '\\',
  'k=v ',
  'rt=1700000000123 ',
  'time=12ms ',
  'devTime=Jan 02 2026 15:04:05^',
  'cs1=x cs1Label=a b ',
];

/** Pieces of all formats and of none, in any order: what is no line of anything, and what nearly is. */
const anyLine: fc.Arbitrary<Buffer> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PIECES, ...MARKS).map((text) => Buffer.from(text)),
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((pieces) => Buffer.from(Buffer.concat(pieces).filter((byte) => byte !== 10)))
  .filter((line) => line.toString('latin1').trim() !== '' && line.at(-1) !== 13);

/** Whether it is a JSON object: those are judged as events are, and may be refused for what they say. */
function isJsonObject(line: Buffer): boolean {
  return /^[\s\ufeff]*\{.*\}\s*$/s.test(line.toString());
}

describe(`any text (ALLUVIUM_FUZZ_SEED=${SEED})`, () => {
  let parsers: ParserRegistry;
  let tier: WritableTier & SearchableTier;
  let stream: StreamSpec;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alluvium-text-'));
    const plugins = await loadPlugins(new URL('../plugins/', import.meta.url));
    parsers = plugins.parsers;
    const engine = plugins.tiers.find(({ manifest }) => manifest.name === 'tier-clickhouse') as TierPlugin;
    const room = { dataDirectory: directory, scratchDirectory: directory, memoryBytes: 1e9, concurrency: 4 };
    tier = (await engine.create({ ...room, reach: () => undefined })) as typeof tier;
    const eventType = plugins.eventTypes.get('log');
    if (!eventType) throw new Error('There is no event type "log".');
    stream = { tenant: 'default', name: 'text', eventType, keepRaw: 'when_needed' };
    await tier.prepare(stream);
  });
  afterAll(async () => {
    await tier.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function parse(lines: readonly Buffer[], parser: string): Promise<Block> {
    const body = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
    const header = { format: 'lines', parser, receivedAt: RECEIVED, count: lines.length } as const;
    const failures: unknown[] = [];
    const block = await new BlockParser(parsers, (failure) => void failures.push(failure)).parse({
      ...makeBlock('', header),
      body,
    });
    expect(failures).toEqual([]);
    return block;
  }

  /** The bytes of each row, from wherever it is kept. */
  async function keptBytes(block: Block): Promise<readonly string[]> {
    const range = {
      from: 0n,
      to: RECEIVED * 2n,
      filter: { kind: 'all', of: [] },
      timeoutMs: 20_000,
    } as const;
    const query = {
      ...range,
      tenant: stream.tenant,
      streams: [stream],
      order: 'asc',
      limit: 1_000_000,
    } as const;
    const kept = new Map<string, string>();
    for (const event of (await tier.search(query)).events) kept.set(event.event_id, bytesOf(event));
    const refused = await tier.quarantine({ tenant: stream.tenant, block: block.header.id, limit: LINES });
    for (const { event_id, raw, raw_base64 } of refused.events)
      kept.set(event_id, bytesOf({ raw, raw_base64 } as unknown as StoredEvent));
    return Array.from(
      { length: block.header.count },
      (_, row) => kept.get(formatEventId(block.header.id as BlockId, row)) ?? 'lost',
    );
  }

  it.each(['auto', 'syslog', 'json', 'plain', 'cef', 'leef', 'logfmt'])(
    'is kept byte for byte by %s',
    async (name) => {
      for (let run = 0; run < RUNS; run += 1) {
        const lines = fc.sample(anyLine, { numRuns: LINES, seed: SEED + run });
        const block = await parse(lines, name);
        const token = `${name}-${run}`;
        const report = await tier.insert({ stream, token, blocks: [block], skip: [] });
        expect(report.stored + report.quarantined.length, `run ${run}`).toBe(LINES);
        expect(await keptBytes(block), `run ${run}`).toEqual(lines.map((line) => line.toString('latin1')));
        if (name === 'plain') expect(report.quarantined).toEqual([]);
        if (name !== 'auto') continue;
        const refused = report.quarantined.map(({ row }) => lines[row] as Buffer);
        expect(refused.filter((line) => !isJsonObject(line)).map(String)).toEqual([]);
      }
    },
  );
});

function bytesOf({ raw, raw_base64: base64, message }: StoredEvent): string {
  const bytes =
    typeof base64 === 'string' ? Buffer.from(base64, 'base64') : Buffer.from(String(raw ?? message));
  return bytes.toString('latin1');
}
