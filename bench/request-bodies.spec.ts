import { describe, expect, it } from 'vitest';
import { addFields, makeBodies } from './request-bodies.js';

const plan = { directory: '', events: 25, seed: 1, perRequest: 10, undeclared: 0 };
const linesOf = (bytes: Buffer): string[] => bytes.toString().split('\n');

describe('request bodies', () => {
  it('hold all events in order, each line ended, the last body with what is left', () => {
    const bodies = makeBodies(plan);
    expect(bodies.map(({ events }) => events)).toEqual([10, 10, 5]);
    for (const { bytes, events } of bodies) expect(linesOf(bytes)).toHaveLength(events + 1);
    expect(bodies.every(({ bytes }) => bytes.at(-1) === 10)).toBe(true);
  });

  it('add undeclared fields of three types to each event and keep the others', () => {
    const [plain, wider] = [makeBodies(plan), makeBodies({ ...plan, undeclared: 3 })];
    const first = (bodies: typeof plain): object =>
      JSON.parse(linesOf(bodies[0]?.bytes ?? Buffer.alloc(0))[0] ?? '') as object;
    expect(first(wider)).toMatchObject(first(plain));
    const types = Object.entries(first(wider))
      .slice(-3)
      .map(([name, value]) => [name, typeof value]);
    expect(types).toEqual([
      ['extra_0', 'string'],
      ['extra_1', 'number'],
      ['extra_2', 'boolean'],
    ]);
  });

  it('adds as many fields as asked', () => {
    expect(Object.keys(JSON.parse(addFields('{"a":1}', 5, 3)) as object)).toHaveLength(6);
  });
});
