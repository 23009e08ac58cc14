import { expect, it } from 'vitest';
import { inTier, linesKey, readTierKey, tierOfKey } from './index.js';

const PLACE = { tenant: 'acme', stream: 'web', day: 20_261_120 };
const SUM = 'a'.repeat(64);

it('a key says which tier keeps its object, and names it without a text of a user', () => {
  const key = inTier('gzip-files', linesKey(PLACE, SUM));
  expect(tierOfKey(key)).toBe('gzip-files');
  expect(tierOfKey(linesKey(PLACE, SUM))).toBeUndefined();
  const { name, ...unit } = readTierKey(key);
  expect(unit).toEqual({ tier: 'gzip-files', ...PLACE });
  expect(name).toMatch(/^20261120-[0-9a-f]{40}$/);
  const others = ['other', 'gzip-files'].map((tier) =>
    readTierKey(inTier(tier, linesKey({ ...PLACE, stream: 'x' }, SUM))),
  );
  expect(new Set([name, ...others.map((one) => one.name)]).size).toBe(3);
});

it.each(['tier=cold/x.json', 'tier=../tenant=a/stream=b/year=2026/month=11/day=20/x.json', 'part.json'])(
  '%s is none of a tier',
  (key) => {
    expect(() => readTierKey(key)).toThrow(/no object of a storage tier/);
  },
);
