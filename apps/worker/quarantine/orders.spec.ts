import { describe, expect, it } from 'vitest';
import { createBlockIdGenerator } from '#event-model';
import type { RefusedPlace } from '#plugin-kit';
import { ordersOf } from './orders.js';

const nextId = createBlockIdGenerator();
const MIB = 2 ** 20;

function placesOf(count: number, some: (n: number) => Partial<RefusedPlace> = () => ({})): RefusedPlace[] {
  const block = nextId();
  return Array.from({ length: count }, (_, row) => ({ block, row, stream: 'a', bytes: 10, ...some(row) }));
}
const sizes = (page: readonly RefusedPlace[]): string[] =>
  [...ordersOf(page)].map(([stream, { length }]) => `${stream} ${length}`);

describe('orders of a page of refused events', () => {
  it('are by stream, and have every place once', () => {
    const page = placesOf(10, (n) => ({ stream: n % 3 === 0 ? 'b' : 'a' }));
    expect(sizes(page)).toEqual(['b 4', 'a 6']);
    expect([...ordersOf(page)].flatMap(([, places]) => places).sort((a, b) => a.row - b.row)).toEqual(page);
    expect(sizes([])).toEqual([]);
  });

  it.each([
    ['rows', placesOf(12_000), ['a 5000', 'a 5000', 'a 2000']],
    ['bytes', placesOf(20, () => ({ bytes: MIB })), ['a 8', 'a 8', 'a 4']],
    ['blocks', placesOf(450, () => ({ block: nextId() })), ['a 200', 'a 200', 'a 50']],
    ['one that is larger than all', placesOf(2, () => ({ bytes: 100 * MIB })), ['a 1', 'a 1']],
  ])('are bounded by %s', (_what, page, expected) => {
    expect(sizes(page)).toEqual(expected);
  });
});
