import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { makeBlock, RECEIVED_MS } from '#event-bus/testing';
import type { Block } from '#event-model';
import { ParserRegistry, type ParserFailure } from '#plugin-host';
import type { ParserPlugin } from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';
import { FakeLogger } from '../testing/scene.js';
import { BlockParser } from './block-parser.js';
import { ParserFailures } from './parser-failures.js';

const shout = makeParserPlugin(
  'shout',
  (text) =>
    text === 'quiet'
      ? { kind: 'refused', reason: 'too_quiet', message: 'Louder.' }
      : { kind: 'event', event: { message: text.toUpperCase() } },
  (text) => (text.endsWith('!') ? 1 : 0),
);
const broken = makeParserPlugin('broken', () => {
  throw new Error('oh');
});

function parserOf(plugins: readonly ParserPlugin[]) {
  const failures: ParserFailure[] = [];
  const parser = new BlockParser(new ParserRegistry(plugins), (failure) => void failures.push(failure));
  return { parser, failures };
}
const textBlock = (lines: readonly string[], parser?: string): Block =>
  makeBlock(lines, { format: 'lines', ...(parser ? { parser } : {}) });
const linesOf = (bytes: Uint8Array | undefined): string[] =>
  Buffer.from(bytes ?? [])
    .toString()
    .split('\n')
    .slice(0, -1);

describe('a block of text lines', () => {
  it('becomes one of canonical lines, row for row, and keeps the text', async () => {
    const block = textBlock(['hello', 'quiet', 'there'], 'shout');
    const parsed = await parserOf([shout]).parser.parse(block);
    expect(linesOf(parsed.body)).toEqual([
      '{"message":"HELLO","parser":"shout"}',
      '\u0001too_quiet\u0002shout',
      '{"message":"THERE","parser":"shout"}',
    ]);
    expect(parsed.raw).toBe(block.body);
    expect(parsed.header).toEqual({ ...block.header, format: 'records' });
  });

  it('is parsed by auto where it names no parser', async () => {
    const { body } = await parserOf([shout]).parser.parse(textBlock(['hello!', 'quiet']));
    expect(linesOf(body)).toEqual([
      '{"message":"HELLO!","parser":"shout"}',
      '{"message":"quiet","parse_status":"none"}',
    ]);
  });

  it('knows when it was received', async () => {
    let seen = 0n;
    const clock: ParserPlugin = {
      ...shout,
      parser: {
        ...shout.parser,
        parse: (_lines, { receivedAt }) => ((seen = receivedAt), [{ kind: 'json' }]),
      },
    };
    await parserOf([clock]).parser.parse(textBlock(['{}'], 'shout'));
    expect(seen).toBe(BigInt(RECEIVED_MS) * 1_000_000n + 7n);
  });

  it('tells the zone that its header names', async () => {
    const seen: unknown[] = [];
    const clock: ParserPlugin = {
      ...shout,
      parser: { ...shout.parser, parse: (_lines, context) => (seen.push(context.zone), [{ kind: 'json' }]) },
    };
    const block = textBlock(['{}'], 'shout');
    await parserOf([clock]).parser.parse({ ...block, header: { ...block.header, zone: '+02:00' } });
    await parserOf([clock]).parser.parse(block);
    expect(seen).toEqual(['+02:00', undefined]);
  });

  it('is the same each time, however many lines it has', async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) =>
      n % 3 === 0 ? `${n}!` : `${n} ${'x'.repeat(n % 700)}`,
    );
    const { parser } = parserOf([shout]);
    const block = textBlock(lines);
    const [first, second] = [await parser.parse(block), await parser.parse(block)];
    expect(Buffer.compare(first.body, second.body)).toBe(0);
    expect(linesOf(first.body)).toHaveLength(5_000);
    expect(linesOf(first.body)[4_998]).toBe('{"message":"4998!","parser":"shout"}');
  });

  it('lets others have their turn in between', async () => {
    const slow = makeParserPlugin('slow', (message) => {
      for (const until = performance.now() + 0.05; performance.now() < until;);
      return { kind: 'event', event: { message } };
    });
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const lines = Array.from({ length: 5_000 }, (_, n) => `${n}`);
    await parserOf([slow]).parser.parse(textBlock(lines, 'slow'));
    clearInterval(timer);
    // Twenty pieces of 12 ms, each longer than a turn.
    expect(turns).toBeGreaterThan(10);
  });

  it('whose parser fails goes to quarantine, and the failure is told once', async () => {
    const { parser, failures } = parserOf([broken]);
    const { body } = await parser.parse(
      textBlock(
        Array.from({ length: 600 }, () => 'x'),
        'broken',
      ),
    );
    expect(new Set(linesOf(body))).toEqual(new Set(['\u0001parser:broken\u0002broken']));
    expect(failures).toMatchObject([{ parser: 'broken', lines: 600, error: { message: 'oh' } }]);
  });

  it('whose parser is not there any more goes to quarantine too', async () => {
    const { parser, failures } = parserOf([]);
    expect(linesOf((await parser.parse(textBlock(['x'], 'gone'))).body)).toEqual([
      '\u0001parser:gone\u0002gone',
    ]);
    expect(failures).toMatchObject([{ parser: 'gone', lines: 1 }]);
  });
});

describe('failures of parsers', () => {
  it('are logged with their block, and counted', async () => {
    const [logger, registry] = [new FakeLogger(), new Registry()];
    const { report } = new ParserFailures(logger, registry);
    const [error, block] = [new Error('oh'), textBlock(['x'])];
    report({ parser: 'broken', lines: 3, error }, block);
    expect(logger.lines).toMatchObject([
      { level: 'error', fields: { err: error, parser: 'broken', lines: 3, block: block.header.id } },
    ]);
    expect(await registry.metrics()).toContain('alluvium_parser_failed_lines_total{parser="broken"} 3');
  });
});
