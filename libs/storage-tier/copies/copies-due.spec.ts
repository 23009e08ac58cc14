import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { createBlockIdGenerator } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { makeEventType } from '#plugin-kit/testing';
import { CopiesDue } from '#storage-tier';

const STREAM: StreamSpec = {
  ...({ tenant: 'acme', name: 'web', keepRaw: 'when_needed', storedIn: 'both' } as const),
  eventType: makeEventType({}),
};
const block = createBlockIdGenerator()();

describe('what copies lack', () => {
  it('is written with the change once, however often that is tried, and only of streams that have a copy', async () => {
    const catalogue = new MemoryCatalogue();
    const due = new CopiesDue(catalogue, () => 17);
    for (let n = 0; n < 2; n += 1) await catalogue.write(due.changesFor(STREAM, 'batch', [block]));
    expect(due.changesFor({ ...STREAM, storedIn: 'search' }, 'batch', [block])).toEqual([]);
    expect(due.changesFor(STREAM, 'empty', [])).toEqual([]);
    expect((await due.page()).map(({ value }) => value)).toEqual([
      { tenant: 'acme', stream: 'web', at: 17, work: { blocks: [block] } },
    ]);
    expect(await due.of(STREAM, 10)).toHaveLength(1);
    expect(await due.of({ ...STREAM, name: 'we' }, 10)).toEqual([]);
  });

  it('stays where it came to be due again while it was copied', async () => {
    const catalogue = new MemoryCatalogue();
    const due = new CopiesDue(catalogue);
    await catalogue.write(due.changesForDay(STREAM, 20_261_120));
    const [copying] = await due.page();
    await catalogue.write(due.changesForDay(STREAM, 20_261_120));
    await due.done(copying!);
    const [again] = await due.page();
    expect(again?.value.work).toEqual({ day: 20_261_120 });
    await due.done(again!);
    expect(await due.page()).toEqual([]);
  });

  it('is known before a day is replaced, also where the process ends in between, and waits until it is', async () => {
    const due = new CopiesDue(new MemoryCatalogue(), () => 1_000);
    const seen = async () => (await due.page()).map(({ value }) => value.from);
    await expect(
      due.whileReplaced(STREAM, [20_261_120], async () => {
        expect(await seen()).toEqual([3_601_000]);
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    expect(await seen()).toEqual([3_601_000]);
    await due.whileReplaced(STREAM, [20_261_120], async () => undefined);
    expect(await seen()).toEqual([undefined]);
  });
});
