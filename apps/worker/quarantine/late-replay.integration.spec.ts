import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeTables } from '../testing/fake-tier.js';
import { OldLedger, type Party, type Remains } from '../testing/old-ledger.js';

/** Lines with a mark are refused; a replay takes one mark off. */
const OLD = ['a', '!b', '!!c', '!d'];
const OLDER_SOON = ['e', '!f'];
const RECENT = ['!g', 'h'];

/** A call of one party to the catalogue, counted from 1, at which something happens. */
interface Moment {
  readonly party: Party;
  readonly call: number;
}

/** Something that is waited for. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

describe('a replay of minutes that the ledger sums up', () => {
  let remains: Remains;
  let old: OldLedger;

  beforeEach(() => prepare());
  afterEach(() => leave());

  async function prepare(): Promise<void> {
    const directory = mkdtempSync(join(tmpdir(), 'alluvium-old-'));
    remains = { directory, tables: new FakeTables(), accepted: new Map() };
    old = await OldLedger.start(remains);
    await old.store(40, OLD);
    await old.store(29.5, OLDER_SOON);
    await old.store(1, RECENT);
  }

  async function leave(): Promise<void> {
    await old.close();
    rmSync(remains.directory, { recursive: true, force: true });
  }

  /** Does something once, at that moment. To be asked then whether it came: from there on, it will not any more. */
  function at({ party, call }: Moment, what: () => Promise<unknown>): () => boolean {
    let [calls, isOver] = [0, false];
    old.between[party] = async () => {
      if (!isOver) calls += 1;
      if (!isOver && calls === call) await what();
    };
    return () => {
      isOver = true;
      return calls >= call;
    };
  }

  /** Events by verdict, over all rows. */
  async function sums() {
    const { rows, residue } = await old.ledger.read('acme');
    const sum = (of: 'received' | 'stored' | 'quarantined') => rows.reduce((all, row) => all + row[of], 0);
    return { received: sum('received'), stored: sum('stored'), quarantined: sum('quarantined'), residue };
  }

  const inTables = () => ({
    ...{ received: 8, residue: 0 },
    ...{ stored: remains.tables.stored.length, quarantined: remains.tables.quarantined.length },
  });

  const ONCE = ['!c', 'a', 'b', 'd', 'e', 'f', 'g', 'h'];

  /** Everything is there once, the ledger says so turn after turn, and its writer lives. */
  async function expectAllOnce(): Promise<void> {
    const { stored, quarantined } = remains.tables;
    const lines = [...stored.map(({ line }) => line), ...quarantined.map(({ line }) => line.slice(1))];
    expect(lines.sort()).toEqual(ONCE);
    expect(await sums()).toEqual(inTables());
    for (const days of [0, 1, 2, 2]) {
      await old.fold(days);
      expect(await sums()).toEqual(inTables());
    }
    const { rows } = await old.ledger.read('acme');
    expect(rows).toMatchObject([
      { received: 6, stored: 5, quarantined: 1, residue: 0 },
      { received: 2, stored: 2, quarantined: 0, residue: 0 },
    ]);
    const sum = await old.catalogue.read('ledger-sums', 'acme/web');
    expect(sum?.value).toMatchObject({ stored: 7, quarantined: 1 });
    expect(await old.replay()).toMatchObject({ stored: 0, refused: 1 });
    expect(old.failed).toEqual([]);
  }

  /** Tries a moment after the other until there is none left of its kind. */
  async function eachMoment(party: Party, tryOut: (moment: Moment) => Promise<boolean>): Promise<void> {
    let call = 0;
    for (let isOne = true; isOne; await prepare()) {
      call += 1;
      isOne = await tryOut({ party, call });
      await leave();
    }
    expect(call).toBeGreaterThan(5);
  }

  it('is in the total by verdict, from the replay on', async () => {
    await old.fold();
    expect(await old.replay()).toMatchObject({ stored: 4, refused: 1 });
    expect((await old.ledger.read('acme')).rows[0]).toMatchObject({ received: 4, stored: 3, quarantined: 1 });
    await expectAllOnce();
  });

  it('is added to those before it, fold after fold', async () => {
    await old.fold();
    await old.replay((line) => line === '!b');
    await old.fold(1);
    await old.replay((line) => line === '!d');
    await old.fold(1);
    await old.replay();
    await expectAllOnce();
  });

  it('goes on being written where a fold comes in the middle', { timeout: 120_000 }, () =>
    eachMoment('worker', async (moment) => {
      const came = at(moment, () => old.fold());
      expect(await old.replay()).toMatchObject({ stored: 4, refused: 1 });
      expect(old.failed).toEqual([]);
      return came();
    }),
  );

  it('and a fold in the middle of it are both right, wherever it comes', { timeout: 120_000 }, () =>
    eachMoment('worker', async (moment) => {
      const came = at(moment, () => old.fold());
      await old.replay();
      const isOne = came();
      await expectAllOnce();
      return isOne;
    }),
  );

  it('in the middle of a fold is right, wherever it comes', { timeout: 120_000 }, () =>
    eachMoment('fold', async (moment) => {
      const came = at(moment, () => old.replay());
      await old.fold();
      const isOne = came();
      if (!isOne) await old.replay();
      await expectAllOnce();
      return isOne;
    }),
  );

  it('that a fold overtakes is right, wherever either is', { timeout: 120_000 }, async () => {
    // Before the fold says how far it goes, and before it looks for moves again.
    for (const call of [2, 5])
      await eachMoment('worker', async (moment) => {
        const [reached, goOn] = [signal(), signal()];
        const came = at(moment, async () => (reached.give(), goOn.given));
        let replayed: Promise<unknown> | undefined;
        at({ party: 'fold', call }, async () => {
          replayed = old.replay().finally(reached.give);
          await reached.given;
        });
        await old.fold();
        goOn.give();
        await replayed;
        const isOne = came();
        await expectAllOnce();
        return isOne;
      });
  });

  it.each([
    ['after', 0],
    ['before', 1],
    ['after', 1],
  ] as const)(
    'that is killed %s a fold of %i days later is brought to its end',
    { timeout: 120_000 },
    async (order, days) =>
      eachMoment('worker', async (moment) => {
        const came = at(moment, async () => {
          if (order === 'after') await old.fold(days);
          old.die();
        });
        await old.replay().catch(() => undefined);
        const isOne = came();
        if (isOne) await restart();
        if (order === 'before') await old.fold(days);
        await old.replay();
        await expectAllOnce();
        return isOne;
      }),
  );

  it('goes on beside a fold that was killed', { timeout: 120_000 }, () =>
    eachMoment('fold', async (moment) => {
      const came = at(moment, async () => {
        await old.replay();
        old.die();
      });
      await old.fold().catch(() => undefined);
      const isOne = came();
      if (isOne) await restart();
      else await old.replay();
      await expectAllOnce();
      return isOne;
    }),
  );

  async function restart(): Promise<void> {
    await old.close();
    old = await OldLedger.start(remains);
  }
});
