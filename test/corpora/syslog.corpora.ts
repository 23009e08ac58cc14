import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { loadPlugins } from '#plugin-host';
import type { Parser } from '#plugin-kit';
import { CORPORA } from './corpora-folder.js';
import { differences, inputOf, type SyslogCase } from './syslog-case.js';
import { ON_PURPOSE, REASONS } from './syslog-differences.js';

/** The suites' own years: December is of 2019, the rest of 2020. */
const RECEIVED = parseTime('2020-02-20T00:00:00Z') ?? 0n;
/** Cases of which at least this many are read as the peer reads them. */
const FLOORS = { 'syslog_rfc5424.jsonl': 0.75, 'syslog_rfc3164.jsonl': 0.8 } as const;

const reasonOf = new Map(
  Object.entries(ON_PURPOSE).flatMap(([reason, ids]) =>
    ids.map((id) => [id, REASONS[reason as keyof typeof REASONS]] as const),
  ),
);

/** Lines of three public suites: each is read as the suite's own reader does, or otherwise for a reason. */
describe.each(Object.entries(FLOORS))('%s', (name, floor) => {
  let cases: readonly SyslogCase[];
  let parser: Parser;
  beforeAll(async () => {
    const text = await readFile(join(CORPORA, name), 'utf8');
    cases = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as SyslogCase);
    const { parsers } = await loadPlugins(new URL('../../plugins/', import.meta.url));
    parser = parsers.find('syslog')?.parser as Parser;
  });

  it('agrees with its peers, or differs on purpose', () => {
    const results = cases.map((one) => {
      const [found] = parser.parse([inputOf(one)], { receivedAt: RECEIVED });
      return { id: one.id, found: found ? differences(one, found) : ['no answer'] };
    });
    const differing = results.filter(({ found }) => found.length > 0);
    const share = 1 - differing.length / cases.length;
    const list = differing.map(
      ({ id, found }) => `  ${id}: ${reasonOf.get(id) ?? 'NO REASON'} (${found.join('; ').slice(0, 160)})`,
    );
    console.log([`${name}: ${cases.length} cases, ${(100 * share).toFixed(1)} % agree`, ...list].join('\n'));
    expect(differing.filter(({ id }) => !reasonOf.has(id))).toEqual([]);
    expect(share).toBeGreaterThanOrEqual(floor);
  });

  it('has the cases that differ on purpose', () => {
    const known = new Set(cases.map(({ id }) => id));
    const other = name.includes('5424') ? /rfc5424|syslog-5424/ : /rfc3164|syslog-3164|syslog-loose/;
    expect([...reasonOf.keys()].filter((id) => other.test(id) && !known.has(id))).toEqual([]);
  });
});
