import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, PLACE, Scene } from '../testing/scene.js';
import { LedgerFolder } from './ledger-folder.js';
import { DIFFERENCES } from './ledger-entry.js';
import { ResidueMeter } from './residue-meter.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (minute: number) => ({ ...PLACE, minute });

describe('the residue meter', () => {
  let scene: Scene;
  let now: number;
  let meter: ResidueMeter;
  const lose = (minute: number, events: number) => scene.bus.commit(scene.bus.accept(at(minute), events));
  const total = async () => (await scene.ledger.read('acme')).residue;
  beforeEach(() => {
    scene = new Scene();
    now = MINUTE;
    meter = new ResidueMeter(scene.lines, scene.bus, () => now);
  });

  it('says what the ledger says: over total, settled and recent minutes', async () => {
    for (const days of [60, 45, 20, 2]) {
      lose(MINUTE - days * DAY_MS, days);
      await scene.pass({ stored: 10 }, at(MINUTE - days * DAY_MS));
    }
    const cutoff = await new LedgerFolder(scene.catalogue, scene.bus).fold(['acme'], now);
    await scene.bus.expire(now, cutoff);
    lose(MINUTE, 1);
    expect(await meter.measure('acme')).toBe(128);
    expect(await total()).toBe(128);
  });

  it('goes on being right while minutes settle', async () => {
    for (let turn = 0; turn < 200; turn += 1) {
      now += 17 * 60_000;
      await scene.pass({ stored: 3 }, at(now));
      if (turn % 50 === 0) lose(now, 2);
      if (turn % 40 === 0) expect(await meter.measure('acme')).toBe(await total());
    }
    expect(await meter.measure('acme')).toBe(8);
  });

  it('does not take an old block that still waits for settled', async () => {
    const waiting = scene.bus.accept(at(MINUTE - 5 * HOUR_MS), 4);
    expect(await meter.measure('acme')).toBe(0);
    await scene.post({ stored: 4 }, at(MINUTE - 5 * HOUR_MS));
    scene.bus.commit(waiting);
    expect(await meter.measure('acme')).toBe(0);
  });

  it('sees what the tables lose of settled minutes, and what comes back', async () => {
    const old = at(MINUTE - 5 * DAY_MS);
    await scene.pass({ stored: 10 }, old);
    expect(await meter.measure('acme')).toBe(0);
    const id = `acme/${Math.floor(old.minute / 60_000)}/web/agent`;
    const value = { stored: 1, quarantined: 0 };
    await scene.catalogue.write([{ collection: DIFFERENCES, id, value }]);
    expect(await meter.measure('acme')).toBe(1);
    expect(await total()).toBe(1);
    await scene.catalogue.write([{ collection: DIFFERENCES, id, value: undefined }]);
    expect(await meter.measure('acme')).toBe(0);
  });
});
