import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { cefDifferences, type CefCase } from './cef-case.js';
import plugin from '../../plugins/parser-cef/index.js';
import { CORPORA } from './corpora-folder.js';

const RECEIVED = parseTime('2026-11-21T12:00:00Z') ?? 0n;
/** Cases that may be left out, for a reason; and those that may differ besides. */
const [MOST_EXCLUDED, MOST_MISSED] = [5, 1];

const UNESCAPED =
  'CEF, "Extension field": an = in a value is escaped; of one that is not, this peer makes a key, others refuse the line';

/** Why a line is read otherwise than by the suite that it comes from. */
const EXCLUDED: ReadonlyMap<string, string> = new Map([
  ['jc/tests/fixtures/generic/cef.out#L1', UNESCAPED],
  ['jc/tests/fixtures/generic/cef.out#L2', UNESCAPED],
  ['jc/tests/fixtures/generic/cef.out#L4', UNESCAPED],
]);

/** Lines of two public suites: each is read as the suite's own reader does, but for what is excluded. */
describe('cef.jsonl', () => {
  let cases: readonly CefCase[];
  beforeAll(async () => {
    const text = await readFile(join(CORPORA, 'cef.jsonl'), 'utf8');
    const lines = text.split('\n').filter((line) => line !== '');
    cases = lines.map((line) => JSON.parse(line) as CefCase);
  });

  it('agrees with its peers', () => {
    const results = cases.map((one) => {
      const [found] = plugin.parser.parse([Buffer.from(one.input)], { receivedAt: RECEIVED });
      return { id: one.id, found: found ? cefDifferences(one, found) : ['no answer'] };
    });
    const differing = results.filter(({ found }) => found.length > 0);
    const missed = differing.filter(({ id }) => !EXCLUDED.has(id));
    const list = differing.map(
      ({ id, found }) => `  ${id}: ${EXCLUDED.get(id) ?? 'MISSED'} (${found.join('; ').slice(0, 200)})`,
    );
    console.log([`cef.jsonl: ${cases.length} cases, ${missed.length} missed`, ...list].join('\n'));
    expect(missed.length).toBeLessThanOrEqual(MOST_MISSED);
  });

  it('leaves few cases out, and only those that differ', () => {
    const ids = new Set(cases.map(({ id }) => id));
    expect(EXCLUDED.size).toBeLessThanOrEqual(MOST_EXCLUDED);
    expect([...EXCLUDED.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });
});
