import { describe, expect, it } from 'vitest';
import type { AggregateQuery } from '#plugin-kit';
import { rangeParts } from './day-rows.js';

const ns = (time: string): bigint => BigInt(Date.parse(time)) * 1_000_000n;

function partsOf(from: string, to: string, intervalSeconds?: number, streams = 1): readonly string[] {
  const query = {
    from: ns(from),
    to: ns(to),
    intervalSeconds,
    streams: Array.from({ length: streams }, () => ({})),
  };
  return rangeParts(query as unknown as AggregateQuery).map(({ days, interval, ...part }) => {
    const [start, end] = [part.from, part.to].map((at) => new Date(Number(at / 1_000_000n)).toISOString());
    const what = days ? `${days.first}-${days.last}` : `${start?.slice(5, 16)} to ${end?.slice(5, 16)}`;
    return interval === undefined ? what : `${what} in ${interval}`;
  });
}

describe('the range of a question', () => {
  it('is cut at whole days', () => {
    expect(partsOf('2026-11-18T22:00Z', '2026-11-21T01:00Z')).toEqual([
      '11-18T22:00 to 11-19T00:00',
      '11-21T00:00 to 11-21T01:00',
      '20261119-20261120',
    ]);
    expect(partsOf('2026-11-30T00:00Z', '2026-12-02T00:00Z')).toEqual(['20261130-20261201']);
  });

  it('is cut at its intervals too, where they are of days', () => {
    expect(partsOf('2026-11-18T22:00Z', '2026-11-21T00:00Z', 86_400)).toEqual([
      '11-18T22:00 to 11-19T00:00',
      '20261119-20261119 in 20776',
      '20261120-20261120 in 20777',
    ]);
    expect(partsOf('2026-11-18T00:00Z', '2026-11-21T00:00Z', 2 * 86_400)).toEqual([
      '20261118-20261118 in 10387',
      '20261119-20261120 in 10388',
    ]);
  });

  it('may lie beyond the days that there are', () => {
    expect(partsOf('-000001-01-01T00:00Z', '+010000-01-01T00:00Z').at(-1)).toBe('19700101-22620410');
    expect(partsOf('+010000-01-01T00:00Z', '+010001-01-01T00:00Z')).toHaveLength(1);
    expect(partsOf('1900-01-01T00:00Z', '1901-01-01T00:00Z')).toHaveLength(1);
  });

  it('is left whole where the parts of all streams would be too many', () => {
    expect(partsOf('2026-11-18T00:00Z', '2026-11-25T00:00Z', 86_400, 7)).toHaveLength(7);
    expect(partsOf('2026-11-18T00:00Z', '2026-11-25T00:00Z', 86_400, 8)).toHaveLength(1);
    expect(partsOf('2026-11-18T00:00Z', '2026-11-25T00:00Z', undefined, 1_000)).toHaveLength(1);
  });

  it.each([
    ['where times are needed', '2026-11-21T00:00Z', 3_600],
    ['where no whole day lies in it', '2026-11-18T23:00Z', undefined],
    ['of more days than a statement may have parts', '2027-03-01T00:00Z', 86_400],
  ])('is left whole %s', (_, to, interval) => {
    expect(partsOf('2026-11-18T00:00Z', to, interval)).toHaveLength(1);
  });
});
