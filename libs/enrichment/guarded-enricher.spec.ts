import { describe, expect, it } from 'vitest';
import type { Enricher } from '#plugin-kit';
import { GuardedEnricher, type LookUp } from './guarded-enricher.js';

function scene(enrich: Enricher['enrich']) {
  const world = { now: 0, errors: [] as string[], asked: [] as (readonly string[])[], closed: 0 };
  const enricher: Enricher = {
    open: async () => ({ title: '' }),
    enrich: (values) => {
      world.asked.push(values);
      return enrich(values);
    },
    close: () => {
      world.closed += 1;
      throw new Error('can not close');
    },
  };
  const failed = (error: unknown): void => void world.errors.push((error as Error).message);
  return { world, guarded: new GuardedEnricher(enricher, { now: () => world.now, failed }) };
}

const kinds = (answers: readonly LookUp[]): readonly string[] => answers.map(({ kind }) => kind);
const known: Enricher['enrich'] = (values) =>
  values.map((value) => (value === 'a' ? { n: 1, t: 'x', b: true } : undefined));

describe('a guarded enricher', () => {
  it('asks for each value once, and keeps the answers', async () => {
    const { world, guarded } = scene(known);
    expect(kinds(await guarded.lookUp(['a', 'b', 'a']))).toEqual(['found', 'missed', 'found']);
    expect(kinds(await guarded.lookUp(['b', 'a', 'c']))).toEqual(['missed', 'found', 'missed']);
    expect(world.asked).toEqual([['a', 'b'], ['c']]);
    expect((await guarded.lookUp(['a']))[0]).toMatchObject({
      fields: [
        { name: 'n', value: { kind: 'number', text: '1' }, json: '1' },
        { name: 't', value: { kind: 'string', text: 'x' }, json: '"x"' },
        { name: 'b', value: { kind: 'bool', text: 'true' }, json: 'true' },
      ],
    });
  });

  it('asks for no more than 500 values at once, and for none that is too long', async () => {
    const { world, guarded } = scene(known);
    const values = Array.from({ length: 1_100 }, (_, n) => `v${n}`);
    await guarded.lookUp([...values, 'x'.repeat(1_025)]);
    expect(world.asked.map((some) => some.length)).toEqual([500, 500, 100]);
  });

  it('keeps a bounded number of answers', async () => {
    const { world, guarded } = scene(known);
    await guarded.lookUp(['a']);
    for (let n = 0; n < 30; n += 1) await guarded.lookUp(Array.from({ length: 400 }, (_, m) => `${n}-${m}`));
    world.asked.length = 0;
    await guarded.lookUp(['a']);
    expect(world.asked).toEqual([['a']]);
  });

  it('keeps a bounded number of characters of them', async () => {
    const long = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, 'x'.repeat(8_000)]));
    const { world, guarded } = scene((values) => values.map(() => long));
    const values = (from: number): string[] => Array.from({ length: 20 }, (_, n) => `v${from + n}`);
    await guarded.lookUp(values(0));
    await guarded.lookUp(values(0));
    expect(world.asked).toHaveLength(1);
    // 400,000 characters for each value: with twenty more, there is no room for the first ones.
    for (let from = 20; from < 60; from += 20) await guarded.lookUp(values(from));
    world.asked.length = 0;
    await guarded.lookUp(['v0']);
    expect(world.asked).toEqual([['v0']]);
  });

  it.each<[string, Enricher['enrich']]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['answers too little', () => []],
    ['answers no list', () => 5 as never],
    ['answers what is no object', (values) => values.map(() => 'x' as never)],
    ['names a field as it may not', (values) => values.map(() => ({ id: 'x' }))],
    ['answers what is no number', (values) => values.map(() => ({ n: Number.NaN }))],
    ['answers an object', (values) => values.map(() => ({ n: {} as never }))],
    ['answers half a character', (values) => values.map(() => ({ n: '\ud800' }))],
    ['answers a text without end', (values) => values.map(() => ({ n: 'x'.repeat(8_193) }))],
    [
      'has fields without end',
      (values) => values.map(() => Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}`, 1]))),
    ],
  ])('fails for its values where the plugin %s, and rests after three times', async (_what, enrich) => {
    const { world, guarded } = scene(enrich);
    for (let n = 0; n < 5; n += 1)
      expect(kinds(await guarded.lookUp(['a', 'b']))).toEqual(['failed', 'failed']);
    expect([world.asked.length, world.errors.length]).toEqual([3, 3]);
    world.now += 60_001;
    await guarded.lookUp(['a']);
    expect(world.asked.length).toBe(4);
  });

  it('rests where the plugin is slow three times in a row', async () => {
    const { world, guarded } = scene((values) => {
      world.now += 300;
      return known(values);
    });
    expect(kinds(await guarded.lookUp(['a']))).toEqual(['found']);
    await guarded.lookUp(['b']);
    await guarded.lookUp(['c']);
    expect(kinds(await guarded.lookUp(['d', 'a']))).toEqual(['failed', 'found']);
    expect(world.errors[0]).toBe('it took 300 ms for 1 values');
  });

  it('goes on where it failed twice and then not', async () => {
    let calls = 0;
    const { world, guarded } = scene((values) => {
      calls += 1;
      if (calls % 3 !== 0) throw new Error('no');
      return known(values);
    });
    for (let n = 0; n < 12; n += 1) await guarded.lookUp([`v${n}`]);
    expect(world.asked.length).toBe(12);
  });

  it('waits for answers from outside, and calls nobody slow for that', async () => {
    const { world, guarded } = scene(() => []);
    const slow = { ...world, asked: 0 };
    const outside = new GuardedEnricher(
      {
        open: async () => ({ title: '' }),
        enrich: async (values) => {
          world.now += 300;
          slow.asked += 1;
          return values.map(() => (slow.asked % 2 === 0 ? undefined : { n: 1 }));
        },
        close: () => {},
      },
      { now: () => world.now, failed: (error) => void world.errors.push(String(error)) },
    );
    for (let n = 0; n < 6; n += 1) await outside.lookUp([`v${n}`]);
    expect([slow.asked, world.errors]).toEqual([6, []]);
    guarded.close();
  });

  it('fails, without resting, where it can not be asked now', async () => {
    const errors: unknown[] = [];
    let isThere = false;
    const outside = new GuardedEnricher(
      {
        open: async () => ({ title: '' }),
        enrich: async (values) => (isThere ? values.map(() => ({ n: 1 })) : undefined),
        close: () => {},
      },
      { now: () => 0, failed: (error) => errors.push(error) },
    );
    for (let n = 0; n < 5; n += 1) expect(kinds(await outside.lookUp(['a']))).toEqual(['failed']);
    isThere = true;
    expect([kinds(await outside.lookUp(['a'])), errors]).toEqual([['found'], []]);
  });

  it('is closed whatever the plugin does', async () => {
    const { world, guarded } = scene(known);
    guarded.close();
    expect([world.closed, world.errors]).toEqual([1, ['can not close']]);
  });
});
