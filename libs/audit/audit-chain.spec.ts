import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CatalogueError } from '#catalogue';
import { MemoryCatalogue, type MemoryDisk } from '#catalogue/testing';
import { AuditRecord } from './audit-record.js';
import { canonical } from './entry-hash.js';
import { auditScene, facts } from './testing/scene.js';

const all = async (record: AuditRecord) => (await record.list({}, { limit: 1_000 })).entries.toReversed();

describe('the chain', () => {
  it('numbers entries from 1, each with the hash of the one before', async () => {
    const { record, fill } = auditScene();
    await fill(3);
    const entries = await all(record);
    expect(entries.map(({ sequence, object }) => [sequence, object])).toEqual([
      [1, 'n1'],
      [2, 'n2'],
      [3, 'n3'],
    ]);
    expect(entries.map(({ previous }) => previous)).toEqual([
      '0'.repeat(64),
      ...entries.slice(0, 2).map(({ hash }) => hash),
    ]);
    expect(entries[0]).toMatchObject({ ...facts({ object: 'n1' }), time: '2026-01-02T03:04:06.000000000Z' });
  });

  it('has hashes that anybody can compute', async () => {
    const { record } = auditScene();
    await record.append(facts({ object: 'ä', changes: [{ field: 'b', after: 1 }] }));
    const [entry] = await all(record);
    const text =
      '{"action":"rule.put","actor":{"id":"abcd1234","kind":"key","name":"ops"},"changes":[{"after":1,"field":"b"}],"object":"ä","outcome":"done","sequence":1,"tenant":"acme","time":"2026-01-02T03:04:05.000000000Z"}';
    const hash = createHash('sha256')
      .update(`${'0'.repeat(64)}\n${text}`)
      .digest('hex');
    expect(entry?.hash).toBe(hash);
    expect(canonical({ b: undefined, a: [{ d: null, c: 'x' }] })).toBe('{"a":[{"c":"x","d":null}]}');
  });

  it('keeps its order when many append at once, in two processes even, and over a restart', async () => {
    const { record, open } = auditScene();
    const other = open();
    const appends = Array.from({ length: 20 }, (_, i) =>
      (i % 2 === 0 ? record : other).append(facts({ object: `n${i}` })),
    );
    await Promise.all(appends);
    await open().append(facts());
    const entries = await all(record);
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(new Set(entries.map(({ object }) => object)).size).toBe(21);
    expect((await record.verifier.verify()).report).toMatchObject({ whole: true, entries: 21 });
  });

  it('is whole where what a process said of its end comes late, behind entries of another', async () => {
    const disk: MemoryDisk = new Map();
    const second = new AuditRecord({ catalogue: new MemoryCatalogue(disk), process: 'b' });
    class Late extends MemoryCatalogue {
      override async write(changes: Parameters<MemoryCatalogue['write']>[0]) {
        if (changes[0]?.id === 'head') await second.append(facts());
        return super.write(changes);
      }
    }
    await new AuditRecord({ catalogue: new Late(disk), process: 'a' }).append(facts());
    expect((await second.verifier.verify()).report).toMatchObject({ whole: true, entries: 2 });
  });

  it('goes on where a write failed, whether it was applied or not', async () => {
    class Failing extends MemoryCatalogue {
      fails: 'before' | 'after' | undefined;
      override async write(changes: Parameters<MemoryCatalogue['write']>[0]) {
        const fails = this.fails;
        this.fails = undefined;
        if (fails === 'before') throw new CatalogueError('full');
        const outcomes = await super.write(changes);
        if (fails === 'after') throw new CatalogueError('lost');
        return outcomes;
      }
    }
    const catalogue = new Failing();
    const record = new AuditRecord({ catalogue });
    for (const fails of ['before', 'after'] as const) {
      catalogue.fails = fails;
      await expect(record.append(facts())).rejects.toBeInstanceOf(CatalogueError);
      await record.append(facts());
    }
    expect((await record.verifier.verify()).report).toMatchObject({ whole: true, entries: 3 });
  });
});

describe('a change that has begun', () => {
  const { outcome: _, ...begun } = facts();

  it('is recorded once when it ends, with what is known then', async () => {
    const { record, disk } = auditScene();
    const change = await record.begin(begun);
    expect(await all(record)).toEqual([]);
    await change.end({ outcome: 'done', object: 'other' });
    expect(await all(record)).toMatchObject([{ object: 'other', outcome: 'done' }]);
    expect(disk.get('audit-begun')?.size).toBe(0);
  });

  it('leaves nothing where nothing was changed', async () => {
    const { record, open } = auditScene();
    await (await record.begin(begun)).forget();
    expect(await open().settleLeft()).toBe(0);
    expect(await all(record)).toEqual([]);
  });

  it('is recorded by the next process where this one was killed', async () => {
    const { record, open } = auditScene();
    await record.begin(begun);
    const next = open();
    expect([await next.settleLeft(), await next.settleLeft()]).toEqual([1, 0]);
    expect(await all(next)).toMatchObject([{ outcome: 'unknown', object: 'health' }]);
  });

  it('whose entry could not be written is tried again, and recorded once', async () => {
    const { record, catalogue } = auditScene();
    const change = await record.begin(begun);
    const { write } = MemoryCatalogue.prototype;
    MemoryCatalogue.prototype.write = () => Promise.reject(new CatalogueError('full'));
    await expect(change.end({ outcome: 'done' })).rejects.toThrow('full');
    MemoryCatalogue.prototype.write = write;
    await record.settleOwed();
    await record.settleOwed();
    expect(await all(record)).toMatchObject([{ outcome: 'done' }]);
    expect(await catalogue.scan('audit-begun')).toEqual([]);
  });
});

describe('what was changed without the API', () => {
  const AS = { action: 'plugin.change', actor: { kind: 'appliance' } } as const;

  it('is recorded once, by what differs from what was seen last', async () => {
    const { record, open } = auditScene();
    const first = { a: { version: '1', state: 'loaded' }, b: { version: '1', state: 'loaded' } };
    await record.seen.look('plugins', first, AS);
    const next = open();
    await next.seen.look('plugins', first, AS);
    await next.seen.look('plugins', { a: { version: '2', state: 'loaded' } }, AS);
    const entries = await all(record);
    expect(entries.map(({ object, changes }) => [object, changes])).toEqual([
      [
        'a',
        [
          { field: 'state', after: 'loaded' },
          { field: 'version', after: '1' },
        ],
      ],
      [
        'b',
        [
          { field: 'state', after: 'loaded' },
          { field: 'version', after: '1' },
        ],
      ],
      ['a', [{ field: 'version', before: '1', after: '2' }]],
      [
        'b',
        [
          { field: 'state', before: 'loaded' },
          { field: 'version', before: '1' },
        ],
      ],
    ]);
    expect(entries[0]).toMatchObject({ ...AS, tenant: null, outcome: 'done' });
  });
});
