import { afterAll, describe, expect, it } from 'vitest';
import {
  CATALOGUE_CASES,
  describeCatalogueContract,
  openMongoCatalogue,
  runCatalogueCase,
  SEEDED_WRAPPERS,
  startMongoHarness,
} from '#catalogue/testing';
import { startTestMongodb } from '../../support/test-mongodb.js';

const mongodb = await startTestMongodb();
afterAll(() => mongodb.stop());

describeCatalogueContract('on MongoDB', () => startMongoHarness(mongodb.place()));

describe('the catalogue contract is red for an adapter on MongoDB that', () => {
  it.each(SEEDED_WRAPPERS)('$bug', async ({ breaks, make }) => {
    const red: string[] = [];
    for (const testCase of CATALOGUE_CASES.filter(({ promise }) => promise === breaks))
      await runCatalogueCase(testCase, () => startMongoHarness(mongodb.place(), make)).catch(() =>
        red.push(testCase.name),
      );
    expect(red).not.toEqual([]);
  });
});

describe('two processes on one catalogue', () => {
  const thing = (id: string, value: unknown, ifVersion?: number) => ({
    ...{ collection: 'things', id, value },
    ...(ifVersion !== undefined && { ifVersion }),
  });

  it('hear of each other’s changes within 5 seconds, deletes too, and of their own once', async () => {
    const place = mongodb.place();
    const [one, other] = [await openMongoCatalogue(place), await openMongoCatalogue(place)];
    try {
      const heard: Record<'one' | 'other', string[]> = { one: [], other: [] };
      one.watch('things', (ids) => heard.one.push(...ids));
      other.watch('things', (ids) => heard.other.push(...ids));
      await one.write([thing('a', 1), { ...thing('x', 1), collection: 'else' }]);
      await expect.poll(() => heard.other, { timeout: 5_000 }).toEqual(['a']);
      await other.write([thing('a', undefined), thing('b', 1)]);
      await expect.poll(() => heard.one.toSorted(), { timeout: 5_000 }).toEqual(['a', 'a', 'b']);
      expect(await one.read('things', 'a')).toBeUndefined();
      await one.write([thing('a', 2)]);
      await expect.poll(() => heard.other.toSorted(), { timeout: 5_000 }).toEqual(['a', 'a', 'a', 'b']);
      expect(await other.read('things', 'a')).toEqual({ id: 'a', version: 1, value: 2 });
      expect(heard.one).toHaveLength(4);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  it('make every change that is on no condition, each with a version of its own, in the order of its call', async () => {
    const place = mongodb.place();
    const both = [await openMongoCatalogue(place), await openMongoCatalogue(place)] as const;
    try {
      const versions: number[] = [];
      const work = both.map(async (catalogue, nth) => {
        for (let i = 0; i < 40; i += 1) {
          const mine = `${nth}/${i}`;
          const [, last] = await catalogue.write([thing(mine, i), thing('both', mine)]);
          versions.push(last?.version ?? 0);
        }
      });
      await Promise.all(work);
      expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1));
      expect((await both[0].read('things', 'both'))?.version).toBe(80);
    } finally {
      await Promise.all(both.map((each) => each.stop()));
    }
  });

  it('never both win a version, over thousands of changes in one call', async () => {
    const place = mongodb.place();
    const both = [await openMongoCatalogue(place), await openMongoCatalogue(place)];
    try {
      const claims = (nth: number) => Array.from({ length: 2_500 }, (_, i) => thing(String(i), nth, 0));
      const outcomes = await Promise.all(both.map((catalogue, nth) => catalogue.write(claims(nth))));
      const won = outcomes.map((each) => each.map(({ kind }) => kind === 'written'));
      expect(won[0]?.every((has, i) => has !== won[1]?.[i])).toBe(true);
      const kept = await both[0]?.scan<number>('things', { limit: 3_000 });
      expect(kept?.every(({ id, value }) => won[value]?.[Number(id)])).toBe(true);
      expect(kept).toHaveLength(2_500);
    } finally {
      await Promise.all(both.map((each) => each.stop()));
    }
  });
});
