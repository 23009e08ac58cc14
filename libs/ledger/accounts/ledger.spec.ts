import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, PLACE, Scene } from '../testing/scene.js';
import { LedgerFolder } from './ledger-folder.js';

const DAY_MS = 86_400_000;
const at = (daysAgo: number) => ({ ...PLACE, minute: MINUTE - daysAgo * DAY_MS });

describe('the ledger', () => {
  it('shows where the events of each source and minute are', async () => {
    const scene = new Scene();
    await scene.pass({ stored: 90, quarantined: 4, deduplicated: 3, dropped: 3 });
    await scene.pass({ stored: 7 }, { ...PLACE, source: 'other', minute: MINUTE + 60_000 });
    scene.bus.accept(PLACE, 20);
    const { rows, residue } = await scene.ledger.read('acme');
    expect(residue).toBe(0);
    expect(rows).toEqual([
      {
        ...{ source: 'agent', stream: 'web', minute: '2026-11-21T10:00:00.000000000Z', received: 120 },
        ...{ stored: 90, quarantined: 4, deduplicated: 3, dropped: 3, pending: 20, residue: 0 },
      },
      {
        ...{ source: 'other', stream: 'web', minute: '2026-11-21T10:01:00.000000000Z', received: 7 },
        ...{ stored: 7, quarantined: 0, deduplicated: 0, dropped: 0, pending: 0, residue: 0 },
      },
    ]);
  });

  it('shows a block that vanished from the bus as a residue at its minute', async () => {
    const scene = new Scene();
    await scene.pass({ stored: 5 });
    scene.bus.commit(scene.bus.accept({ ...PLACE, minute: MINUTE + 60_000 }, 12));
    const { rows, residue } = await scene.ledger.read('acme');
    expect(residue).toBe(12);
    expect(rows.map((row) => row.residue)).toEqual([0, 12]);
  });

  it('shows the minutes that were asked for, and no other tenant', async () => {
    const scene = new Scene();
    for (const minute of [MINUTE, MINUTE + 60_000, MINUTE + 120_000])
      await scene.pass({ stored: 1 }, { ...PLACE, minute });
    await scene.pass({ stored: 1 }, { ...PLACE, tenant: 'acme2' });
    scene.bus.accept({ ...PLACE, tenant: 'rival' }, 3);
    const middle = { from: MINUTE + 60_000, to: MINUTE + 60_000 };
    expect((await scene.ledger.read('acme', middle)).rows).toMatchObject([{ received: 1, stored: 1 }]);
    expect((await scene.ledger.read('acme')).rows).toHaveLength(3);
    expect((await scene.ledger.read('rival')).rows).toMatchObject([{ received: 3, pending: 3 }]);
  });

  it('says from when on rows are of one minute, where a range has older ones', async () => {
    const scene = new Scene();
    for (const days of [40, 35, 20]) await scene.pass({ stored: days }, at(days));
    await new LedgerFolder(scene.catalogue, scene.bus).fold(['acme'], MINUTE);
    const read = (from: number, to: number) =>
      scene.ledger.read('acme', { from: at(from).minute, to: at(to).minute });
    const total = { since: '2026-10-12T10:00:00.000000000Z', minute: '2026-10-22T09:59:00.000000000Z' };
    const since = '2026-10-22T10:00:00.000000000Z';
    expect(await read(37, 10)).toMatchObject({
      rows: [{ ...total, received: 75 }, { received: 20 }],
      by_minute_since: since,
    });
    expect(await read(39, 38)).toMatchObject({ rows: [{ ...total, stored: 75 }], by_minute_since: since });
    expect(await read(29, 10)).toEqual({ rows: [expect.objectContaining({ received: 20 })], residue: 0 });
    expect(await read(60, 50)).toEqual({ rows: [], residue: 0 });
  });

  it('never shows a residue while events flow, at whatever step it is read', async () => {
    const steps = fc.array(fc.constantFrom('accept', 'post', 'commit', 'read'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (order) => {
        const scene = new Scene();
        const accepted = [scene.bus.accept(PLACE, 5)];
        const posted: typeof accepted = [];
        const step: Record<string, () => unknown> = {
          accept: () => accepted.push(scene.bus.accept(PLACE, 5)),
          post: async () => {
            const block = accepted.shift();
            if (block) await scene.post({ stored: 4, quarantined: 1 });
            if (block) posted.push(block);
          },
          commit: () => posted.splice(0, 1).forEach((block) => scene.bus.commit(block)),
          read: async () => expect((await scene.ledger.read('acme')).residue).toBe(0),
        };
        for (const name of order) await step[name]?.();
        expect((await scene.ledger.read('acme')).residue).toBe(0);
      }),
    );
  });

  it('waits for an answer that is under way before it calls a block lost', async () => {
    const scene = new Scene();
    const block = scene.bus.accept(PLACE, 5);
    scene.bus.commit(block);
    let pauses = 0;
    const lines = scene.linesWithPause(async () => {
      pauses += 1;
      if (pauses === 2) await scene.post({ stored: 5 });
    });
    const [line] = await lines.read('acme', { from: 0, to: MINUTE + DAY_MS });
    expect(line).toMatchObject({ stored: 5, residue: 0 });
  });
});
