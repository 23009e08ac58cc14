import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import plugin from '../../plugins/parser-syslog/index.js';
import { CORPORA } from './corpora-folder.js';
import { differences, inputOf, zoneOf, type SyslogCase } from './syslog-case.js';
import { EXCLUSIONS, type Exclusion } from './syslog-exclusions.js';

/** The suites' own years: December is of 2019, the rest of 2020. */
const RECEIVED = parseTime('2020-02-20T00:00:00Z') ?? 0n;
const MOST_EXCLUSIONS = 5;
const MOST_MISSES = 2;

interface Result {
  readonly id: string;
  /** What is read otherwise than the suite reads it. */
  readonly found: readonly string[];
  /** The reason for it, where that explains all of it. */
  readonly exclusion: Exclusion | undefined;
}

/** Lines of three public suites: each is read as the suite's own reader does, or otherwise for a reason. */
describe.each(Object.entries(EXCLUSIONS))('%s', (name, exclusions) => {
  let results: readonly Result[];
  beforeAll(async () => {
    const text = await readFile(join(CORPORA, name), 'utf8');
    const cases = text.split('\n').filter((line) => line !== '');
    results = cases.map((line) => judge(JSON.parse(line) as SyslogCase, exclusions));
  });

  it(`is read as its suites read it, but for ${MOST_EXCLUSIONS} reasons at most`, () => {
    const differing = results.filter(({ found }) => found.length > 0);
    const missed = differing.filter(({ exclusion }) => !exclusion);
    const list = differing.map(
      ({ id, found, exclusion }) =>
        `  ${id}: ${exclusion?.reason ?? 'MISSED'} (${found.join('; ').slice(0, 160)})`,
    );
    const counts = `${results.length} cases, ${differing.length} excluded or missed, ${missed.length} missed`;
    console.log([`${name}: ${counts}`, ...list].join('\n'));
    expect(exclusions.length).toBeLessThanOrEqual(MOST_EXCLUSIONS);
    expect(missed.length).toBeLessThanOrEqual(MOST_MISSES);
  });

  it('has a case for each reason', () => {
    const used = new Set(results.map(({ exclusion }) => exclusion));
    expect(exclusions.filter((exclusion) => !used.has(exclusion))).toEqual([]);
  });
});

function judge(one: SyslogCase, exclusions: readonly Exclusion[]): Result {
  const found = differencesOf(one);
  if (found.length === 0) return { id: one.id, found, exclusion: undefined };
  const exclusion = exclusions.find((each) => {
    const restated = each.restate(one);
    return restated && differencesOf(restated).length === 0;
  });
  return { id: one.id, found, exclusion };
}

function differencesOf(one: SyslogCase): readonly string[] {
  const zone = zoneOf(one);
  const context = zone === undefined ? { receivedAt: RECEIVED } : { receivedAt: RECEIVED, zone };
  const [found] = plugin.parser.parse([inputOf(one)], context);
  return found ? differences(one, found) : ['no answer'];
}
