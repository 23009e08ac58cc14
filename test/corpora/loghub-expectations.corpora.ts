import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { loadPlugins, type Verdict } from '#plugin-host';
import { CORPORA } from './corpora-folder.js';
import { readLogFile, SYSTEMS } from './log-file.js';

/** What somebody who reads the line finds in it. */
interface LineExpectation {
  /** Without a zone. */
  readonly time: string;
  readonly host: string | null;
  readonly program: string | null;
  readonly level: string | null;
}

/** Expectations of one log. */
interface Expectations {
  readonly about: string;
  readonly received_at: string;
  /** The parser that `auto` must choose; null where no built-in one knows the format. */
  readonly parser: string | null;
  readonly lines: Readonly<Record<string, LineExpectation>>;
}

const LINES = 50;
const FIELDS = ['timestamp', 'host', 'service', 'level'] as const;

/** Fifty lines of each real log, of which it was written down what they say; the lines stay where they are. */
describe.each(SYSTEMS)('fifty lines of %s', (system) => {
  let expected: Expectations;
  let verdicts: readonly Verdict[];
  let lines: readonly Buffer[];
  beforeAll(async () => {
    const path = join(import.meta.dirname, 'loghub-expectations', `${system}.json`);
    expected = JSON.parse(await readFile(path, 'utf8')) as Expectations;
    const file = await readLogFile(CORPORA, `loghub/${system}_2k.log`);
    lines = Object.keys(expected.lines).map((number) => file.lines[Number(number) - 1] as Buffer);
    const { parsers } = await loadPlugins(new URL('../../plugins/', import.meta.url));
    const parse = parsers.open('auto', ({ error }) => {
      throw error;
    });
    verdicts = (await parse?.(lines, { receivedAt: parseTime(expected.received_at) ?? 0n })) ?? [];
  });

  it('are read as they stand there', () => {
    const { parser } = expected;
    const wanted = Object.values(expected.lines).map(({ time, host, program, level }) =>
      parser === null
        ? { parser: undefined, status: 'none', timestamp: null, host: null, service: null, level: null }
        : { parser, timestamp: `${time}Z`, host, service: program, level },
    );
    expect(wanted).toHaveLength(LINES);
    expect(verdicts.map((verdict) => fieldsOf(verdict))).toEqual(wanted);
  });

  it('keep their text', () => {
    const texts = verdicts.map(({ parsed }) =>
      parsed.kind === 'event' ? String(parsed.event['message']) : '',
    );
    for (const [at, text] of texts.entries())
      expect(String(lines[at]).endsWith(text) && text !== '').toBe(true);
  });
});

function fieldsOf({ parser, parsed }: Verdict): Readonly<Record<string, unknown>> {
  if (parsed.kind !== 'event') return { parser, parsed };
  const { event } = parsed;
  const status = event['parse_status'] ?? parsed.confidence;
  const fields = FIELDS.map((name) => [name, event[name] ?? null] as const);
  return { parser, ...(status !== undefined && { status }), ...Object.fromEntries(fields) };
}
