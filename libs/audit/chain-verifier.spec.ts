import { beforeEach, describe, expect, it } from 'vitest';
import { idOf } from './audit-documents.js';
import type { AuditEntry } from './audit-entry.js';
import { NO_ENTRY, sealEntry } from './entry-hash.js';
import { auditScene, facts } from './testing/scene.js';

let scene: ReturnType<typeof auditScene>;
beforeEach(async () => {
  scene = auditScene();
  await scene.fill(9);
});

const verify = async () => (await scene.record.verifier.verify()).report;
const textOf = (sequence: number): string => scene.texts().get(idOf(sequence))?.text ?? '';
const put = (sequence: number, text: string, version = 1): void =>
  void scene.texts().set(idOf(sequence), { version, text });
const entryOf = (sequence: number): AuditEntry => JSON.parse(textOf(sequence)) as AuditEntry;

it('finds nothing wrong with a chain that nobody touched, and says where it ends', async () => {
  const report = await verify();
  expect(report).toEqual({
    ...{ whole: true, entries: 9, oldest: 1, verified_at: '2026-01-02T03:04:14.000000000Z' },
    head: { sequence: 9, hash: entryOf(9).hash },
  });
  expect(await scene.open().verifier.last()).toEqual(report);
  const empty = await auditScene().record.verifier.verify();
  expect(empty.report).toMatchObject({ whole: true, entries: 0, oldest: 0, head: NO_ENTRY });
});

it('finds any byte of an entry that is another one', async () => {
  const bytes = Buffer.from(textOf(5));
  for (let at = 0; at < bytes.length; at += 1) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    put(5, flipped.toString());
    const { whole, broken, entries } = await verify();
    expect([at, whole, broken?.sequence, entries]).toEqual([at, false, 5, 9]);
  }
});

describe('a chain is broken at', () => {
  it.each<[string, number, string, () => void]>([
    ['an entry that was written again', 4, 'changed', () => put(4, textOf(4), 2)],
    [
      'an entry with contents and a hash of somebody else',
      4,
      'unlinked',
      () => {
        const forged = sealEntry(
          facts({ object: 'forged' }),
          { sequence: 3, hash: 'f'.repeat(64) },
          entryOf(4).time,
        );
        put(4, JSON.stringify(forged));
      },
    ],
    [
      'what follows an entry that was made anew',
      5,
      'unlinked',
      () => {
        const { sequence, hash } = entryOf(3);
        put(4, JSON.stringify(sealEntry(facts({ object: 'forged' }), { sequence, hash }, entryOf(4).time)));
      },
    ],
    [
      'the newest that was made anew',
      9,
      'changed',
      () => {
        const { sequence, hash } = entryOf(8);
        put(9, JSON.stringify(sealEntry(facts({ object: 'forged' }), { sequence, hash }, entryOf(9).time)));
      },
    ],
    [
      'two that were swapped',
      4,
      'misplaced',
      () => {
        const [four, five] = [textOf(4), textOf(5)];
        put(4, five);
        put(5, four);
      },
    ],
    ['a copy of another one', 6, 'misplaced', () => put(6, textOf(5))],
    ['one that is gone', 4, 'missing', () => void scene.texts().delete(idOf(4))],
    ['the first, where it is gone', 1, 'missing', () => void scene.texts().delete(idOf(1))],
    ['the end, where the newest is gone', 9, 'cut', () => void scene.texts().delete(idOf(9))],
    ['the end, where all are gone', 1, 'cut', () => scene.texts().clear()],
    [
      'the end, where what says so is gone',
      9,
      'cut',
      () => void scene.disk.get('audit-state')?.delete('head'),
    ],
    [
      'one that was added behind the newest',
      10,
      'added',
      () =>
        put(10, JSON.stringify(sealEntry(facts(), { sequence: 9, hash: entryOf(9).hash }, entryOf(9).time))),
    ],
    [
      'one that was added between two',
      5,
      'added',
      () => void scene.texts().set(`${idOf(4)}x`, { version: 1, text: textOf(4) }),
    ],
    ['one that is no JSON', 7, 'unreadable', () => put(7, textOf(7).slice(1))],
  ])('%s', async (_, sequence, problem, tamper) => {
    tamper();
    const { whole, broken } = await verify();
    expect([whole, broken?.sequence, broken?.problem]).toEqual([false, sequence, problem]);
    expect(broken?.detail).toMatch(/^[A-Z].*\.$/);
  });
});

it('goes on behind an end that was cut off, and keeps that it was', async () => {
  scene.texts().delete(idOf(9));
  await scene.open().append(facts());
  const { whole, broken, entries } = await verify();
  expect([whole, broken?.sequence, broken?.problem, entries]).toEqual([false, 9, 'cut', 10]);
  expect(entryOf(9)).toMatchObject({ action: 'audit.head-lost', actor: { kind: 'appliance' } });
});

it('appends behind an entry that can not be read', async () => {
  put(9, '{');
  await scene.open().append(facts());
  expect((await verify()).broken).toMatchObject({ sequence: 9, problem: 'unreadable' });
  expect((await scene.record.list({}, { limit: 20 })).entries).toHaveLength(9);
});

it('says of a head that was noted whether it is still a part of the chain', async () => {
  const stateOf = async (sequence: number, hash: string) =>
    (await scene.record.verifier.verify({ sequence, hash })).anchor;
  const { hash } = entryOf(4);
  expect(await stateOf(4, hash)).toBe('held');
  expect(await stateOf(4, entryOf(5).hash)).toBe('changed');
  expect(await stateOf(12, hash)).toBe('missing');
});

describe('the retention', () => {
  it('removes the oldest, says so, and leaves a chain that can be verified', async () => {
    scene.passDays(3);
    await scene.fill(4);
    const last = entryOf(9);
    expect(await scene.record.pruner.prune(entryOf(10).time)).toBe(9);
    expect([...scene.texts().keys()]).toEqual([10, 11, 12, 13, 14].map(idOf));
    expect(entryOf(14)).toMatchObject({
      action: 'audit.prune',
      changes: [
        { field: 'from', after: 1 },
        { field: 'through', after: 9 },
        { field: 'hash', after: last.hash },
      ],
    });
    expect(await verify()).toMatchObject({ whole: true, entries: 5, oldest: 10 });
    expect(await scene.record.count()).toBe(5);
    const anchors = [9, 8].map((sequence) => scene.record.verifier.verify({ sequence, hash: last.hash }));
    expect((await Promise.all(anchors)).map(({ anchor }) => anchor)).toEqual(['held', 'pruned']);
    expect(await scene.record.pruner.prune(entryOf(10).time)).toBe(0);
    expect((await scene.record.list({}, { limit: 50 })).entries).toHaveLength(5);
  });

  it('removes a week at most, and never the newest', async () => {
    scene.passDays(5);
    await scene.fill(1);
    scene.passDays(5);
    await scene.fill(1);
    scene.passDays(4_000);
    const far = '2090-01-01T00:00:00.000000000Z';
    expect(await scene.record.pruner.prune(far)).toBe(10);
    expect(await scene.record.pruner.prune(far)).toBe(1);
    expect(await scene.record.pruner.prune(far)).toBeLessThan(2);
    expect(await verify()).toMatchObject({ whole: true });
  });

  it('goes on where it was killed between its entry and the removal', async () => {
    const before = new Map(scene.texts());
    await scene.record.pruner.prune(entryOf(6).time);
    for (const [id, document] of before) scene.texts().set(id, document);
    expect(await verify()).toMatchObject({ whole: true, oldest: 6, entries: 5 });
    await scene.record.pruner.prune(entryOf(6).time);
    expect([...scene.texts().keys()].sort()).toEqual([6, 7, 8, 9, 10].map(idOf));
  });

  it('is no way to remove entries unseen', async () => {
    const { hash } = entryOf(5);
    const value = JSON.stringify({ through: 5, hash, sequence: 9 });
    scene.disk.get('audit-state')?.set('pruned', { version: 1, text: value });
    for (const sequence of [1, 2, 3, 4, 5]) scene.texts().delete(idOf(sequence));
    expect((await verify()).broken).toMatchObject({ sequence: 5, problem: 'missing' });
  });
});
