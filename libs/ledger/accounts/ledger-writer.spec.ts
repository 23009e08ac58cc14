import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { PLACE, verdicts } from '../testing/scene.js';
import { ENTRIES, SUMS, type LedgerCount, type LedgerEntry } from './ledger-entry.js';
import { LedgerWriter } from './ledger-writer.js';

const count = (some: Partial<LedgerCount>): LedgerCount => ({ ...PLACE, ...verdicts({}), ...some });
const LATER = PLACE.minute + 60_000;

async function storedIn(catalogue: MemoryCatalogue, collection: string): Promise<Record<string, number>> {
  const documents = await catalogue.scan<LedgerEntry>(collection);
  return Object.fromEntries(documents.map(({ id, value }) => [id, value.stored]));
}

describe('the ledger writer', () => {
  it('adds a batch to each minute and source, and to its stream', async () => {
    const catalogue = new MemoryCatalogue();
    const writer = new LedgerWriter(catalogue);
    const first = [count({ stored: 5 }), count({ stored: 2 }), count({ stored: 1, minute: LATER })];
    await catalogue.write(await writer.changesFor('a', first));
    await catalogue.write(await writer.changesFor('b', [count({ stored: 10, source: 'other' })]));
    expect(await storedIn(catalogue, ENTRIES)).toEqual({
      'acme/29920920/web/agent': 7,
      'acme/29920921/web/agent': 1,
      'acme/29920920/web/other': 10,
    });
    expect(await storedIn(catalogue, SUMS)).toEqual({ 'acme/web': 18 });
  });

  it('adds a batch once, wherever the write of it broke off', async () => {
    const counts = [count({ stored: 5 }), count({ stored: 2, minute: LATER }), count({ dropped: 3 })];
    for (let reached = 0; reached <= 3; reached += 1) {
      const catalogue = new MemoryCatalogue();
      const writer = new LedgerWriter(catalogue);
      await catalogue.write(await writer.changesFor('before', [count({ stored: 100 })]));
      await catalogue.write((await writer.changesFor('batch', counts)).slice(0, reached));
      await catalogue.write(await writer.changesFor('batch', counts));
      expect(await writer.changesFor('batch', counts)).toEqual([]);
      expect(await storedIn(catalogue, SUMS)).toEqual({ 'acme/web': 107 });
      expect(Object.values(await storedIn(catalogue, ENTRIES))).toEqual([105, 2]);
    }
  });

  it('notices another writer of the stream', async () => {
    const catalogue = new MemoryCatalogue();
    const [ours, theirs] = [new LedgerWriter(catalogue), new LedgerWriter(catalogue)];
    const changes = await ours.changesFor('ours', [count({ stored: 1 })]);
    await catalogue.write(await theirs.changesFor('theirs', [count({ stored: 1 })]));
    const outcomes = await catalogue.write(changes);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['conflict', 'conflict']);
  });
});
