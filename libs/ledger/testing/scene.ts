import type { Catalogue } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import type { StreamSpec } from '#plugin-kit';
import type { Verdicts } from '../accounts/ledger-entry.js';
import { LedgerLines } from '../accounts/ledger-lines.js';
import { LedgerWriter } from '../accounts/ledger-writer.js';
import { Ledger } from '../accounts/ledger.js';
import { LedgerMoves } from '../reconciliation/ledger-moves.js';
import { FakeBus, type FakePlace } from './fake-bus.js';

export const MINUTE = Date.parse('2026-11-21T10:00:00Z');
export const PLACE: FakePlace = { tenant: 'acme', stream: 'web', source: 'agent', minute: MINUTE };
export const STREAM: StreamSpec = {
  tenant: 'acme',
  name: 'web',
  eventType: { name: 'log', title: '', description: '', fields: [], sortBy: [], rollUps: [], example: {} },
  keepRaw: 'when_needed',
};

export const verdicts = (some: Partial<Verdicts>): Verdicts => ({
  stored: 0,
  quarantined: 0,
  deduplicated: 0,
  dropped: 0,
  ...some,
});

/** A ledger over a catalogue in memory and a bus that is moved by hand; no pause between readings. */
export class Scene {
  readonly bus = new FakeBus();
  readonly writer: LedgerWriter;
  readonly lines: LedgerLines;
  readonly ledger: Ledger;
  #batches = 0;

  constructor(readonly catalogue: Catalogue = new MemoryCatalogue()) {
    this.writer = new LedgerWriter(catalogue);
    this.lines = new LedgerLines(catalogue, this.bus, async () => {});
    this.ledger = new Ledger(this.lines);
  }

  /** Lines of the same ledger, with something that happens between two readings. */
  linesWithPause(pause: () => Promise<void>): LedgerLines {
    return new LedgerLines(this.catalogue, this.bus, pause);
  }

  /** Writes a batch's verdicts, as the worker does before it commits. */
  async post(some: Partial<Verdicts>, place: FakePlace = PLACE): Promise<void> {
    this.#batches += 1;
    const counts = [{ ...place, ...verdicts(some) }];
    await this.catalogue.write(await this.writer.changesFor(`batch-${this.#batches}`, counts));
  }

  /** Counts anew what has left quarantine, as the worker does at the end of a move. */
  async amend(some: Partial<Verdicts>, place: FakePlace): Promise<void> {
    this.#batches += 1;
    const counts = [{ ...place, ...verdicts(some) }];
    const folded = await new LedgerMoves(this.catalogue).foldedThrough(place.tenant);
    await this.catalogue.write(await this.writer.changesFor(`batch-${this.#batches}`, counts, folded));
  }

  /** Accepts a block, writes its verdicts and commits it. */
  async pass(some: Partial<Verdicts>, place: FakePlace = PLACE): Promise<void> {
    const events = Object.values(verdicts(some)).reduce((sum, count) => sum + count, 0);
    const block = this.bus.accept(place, events);
    await this.post(some, place);
    this.bus.commit(block);
  }
}
