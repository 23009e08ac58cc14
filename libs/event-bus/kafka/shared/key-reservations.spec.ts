import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import type { Catalogue, Change, ChangeOutcome } from '#catalogue';
import { KeyReservations } from './key-reservations.js';

/** A fake of as much of a catalogue as reservations need. */
class FakeCatalogue {
  readonly kept = new Map<string, { value: unknown; version: number }>();
  failures = 0;
  losesAnswers = 0;
  tries = 0;

  async write(changes: readonly Change[]): Promise<ChangeOutcome[]> {
    this.tries += 1;
    if (this.failures > 0) this.fail('failures');
    const outcomes = changes.map(({ id, value, ifVersion }): ChangeOutcome => {
      const version = this.kept.get(id)?.version ?? 0;
      if (ifVersion !== undefined && ifVersion !== version) return { kind: 'conflict' } as ChangeOutcome;
      this.kept.set(id, { value, version: version + 1 });
      return { kind: 'written', version: version + 1 } as ChangeOutcome;
    });
    if (this.losesAnswers > 0) this.fail('losesAnswers');
    return outcomes;
  }

  async read(_collection: string, id: string): Promise<unknown> {
    return this.kept.get(id);
  }

  private fail(which: 'failures' | 'losesAnswers'): never {
    this[which] -= 1;
    throw new Error('no primary');
  }
}

const KEY = { key: 'order-1', expiresAt: 9e15 } as Parameters<KeyReservations['reserve']>[0];
let catalogue: FakeCatalogue;
let now = 1_000_000;
const open = () => new KeyReservations(catalogue as unknown as Catalogue, () => now);

beforeEach(() => {
  catalogue = new FakeCatalogue();
});

it('a reservation waits for a catalogue that is out for a moment', async () => {
  catalogue.failures = 2;
  expect(await open().reserve(KEY)).toBe('ours');
  expect(catalogue.tries).toBe(3);
});

it('a reservation whose answer was lost is known for its own; another of the process is not', async () => {
  catalogue.losesAnswers = 1;
  const reservations = open();
  expect(await reservations.reserve(KEY)).toBe('ours');
  expect(await reservations.reserve(KEY)).toBe('settle');
  expect(await open().reserve(KEY)).toBe('theirs');
});

it('an outage that lasts is told at once, until the catalogue is back', async () => {
  catalogue.failures = 1_000;
  const reservations = open();
  const first = reservations.reserve(KEY).catch((error: unknown) => error);
  while (catalogue.tries < 2) await pause(5);
  now += 15_001;
  expect(await first).toBeInstanceOf(Error);
  catalogue.tries = 0;
  await expect(reservations.reserve(KEY)).rejects.toThrow('no primary');
  expect(catalogue.tries).toBe(1);
  catalogue.failures = 0;
  expect(await reservations.reserve(KEY)).toBe('ours');
  catalogue.failures = 1;
  expect(await reservations.reserve({ ...KEY, key: 'order-2' })).toBe('ours');
});
