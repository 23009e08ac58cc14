import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestRows, requestRows } from './request-rows.js';

function placeOf(rows: readonly number[]): ReturnType<RequestRows['place']> {
  const noted = new RequestRows();
  for (const row of rows) noted.add(row);
  return noted.place();
}

describe('the rows of a block in their request', () => {
  it('need nothing where they are the first, and a number where they are neighbours', () => {
    expect(placeOf([0, 1, 2])).toEqual({});
    expect(placeOf([7, 8, 9])).toEqual({ offset: 7 });
    expect(requestRows({}, [0, 4])).toEqual([0, 4]);
    expect(requestRows({ offset: 7 }, [2])).toEqual([9]);
  });

  it('are found again, whatever was taken out from among them', () => {
    const anyRows = fc.uniqueArray(fc.oneof(fc.nat(40), fc.nat(70_000_000)), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(anyRows, fc.infiniteStream(fc.boolean()), (unordered, wanted) => {
        const rows = unordered.sort((a, b) => a - b);
        const some = [...rows.keys()].filter(() => wanted.next().value);
        expect(requestRows(placeOf(rows), some)).toEqual(some.map((row) => rows[row]));
      }),
    );
  });

  it('cost some three bytes for each that has no neighbour', () => {
    const { indexes = '' } = placeOf(Array.from({ length: 5_000 }, (_, n) => n * 2));
    expect(indexes.length).toBeLessThan(15_000);
  });
});
