import { createHash } from 'node:crypto';
import type { Catalogue, Change, Stored } from '#catalogue';
import { formatEventId, type EventPlace } from '#event-model';
import type { StreamSpec } from '#plugin-kit';

const COLLECTION = 'client-ids';
const PAGE = 1_000;
const DAY_MS = 86_400_000;

interface KnownId {
  /** Event id of the event that has it. */
  readonly event: string;
  /** Milliseconds since the epoch. */
  readonly expires_at: number;
}

/**
 * Which client ids a stream has seen, and on which event. An id is claimed, durably, before its event is inserted; after a
 * crash the claim is found to be the event's own, so a repeat is no duplicate of itself.
 */
export class ClientIdIndex {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly windowDays: () => number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Claims the ids for their events, in order; answers the events whose id another one has. */
  async claim(
    stream: StreamSpec,
    events: readonly (EventPlace & { readonly id: string })[],
  ): Promise<readonly EventPlace[]> {
    if (events.length === 0) return [];
    const expiresAt = this.now() + this.windowDays() * DAY_MS;
    const changes = events.map((event) => this.#claimOf(stream, event, expiresAt));
    const outcomes = await this.catalogue.write(changes);
    const taken = events.filter((_, n) => outcomes[n]?.kind === 'conflict');
    return this.#losers(stream, taken, expiresAt);
  }

  /** Gives up the claims of events that went to quarantine, so that they can be sent again when they are mended. */
  async release(
    stream: StreamSpec,
    events: readonly (EventPlace & { readonly id: string })[],
  ): Promise<void> {
    for (const event of events) {
      const claim = this.#claimOf(stream, event, 0);
      const known = await this.catalogue.read<KnownId>(COLLECTION, claim.id);
      if (known?.value.event !== formatEventId(event.block, event.row)) continue;
      await this.catalogue.write([{ ...claim, value: undefined, ifVersion: known.version }]);
    }
  }

  /** Forgets ids whose time is over; answers how many. */
  async expire(signal?: AbortSignal): Promise<number> {
    let forgotten = 0;
    for (let after: string | undefined = ''; after !== undefined && !signal?.aborted;) {
      const page: readonly Stored<KnownId>[] = await this.catalogue.scan<KnownId>(COLLECTION, {
        limit: PAGE,
        ...(after === '' ? {} : { after }),
      });
      const over = page.filter(({ value }) => value.expires_at < this.now());
      // A claim that was renewed meanwhile has another version and stays.
      await this.catalogue.write(
        over.map(({ id, version }) => ({ collection: COLLECTION, id, value: undefined, ifVersion: version })),
      );
      forgotten += over.length;
      after = page.at(-1)?.id;
    }
    return forgotten;
  }

  /** An id that is taken by the event itself was claimed before a crash; one whose time is over is free. */
  async #losers(
    stream: StreamSpec,
    taken: readonly (EventPlace & { readonly id: string })[],
    expiresAt: number,
  ): Promise<readonly EventPlace[]> {
    const losers: EventPlace[] = [];
    for (const event of taken)
      if (!(await this.#reclaim(event, this.#claimOf(stream, event, expiresAt)))) losers.push(event);
    return losers;
  }

  async #reclaim(event: EventPlace, claim: Change): Promise<boolean> {
    for (;;) {
      const known = await this.catalogue.read<KnownId>(COLLECTION, claim.id);
      if (known?.value.event === formatEventId(event.block, event.row)) return true;
      if (known && known.value.expires_at >= this.now()) return false;
      const [outcome] = await this.catalogue.write([{ ...claim, ifVersion: known?.version ?? 0 }]);
      if (outcome?.kind === 'written') return true;
    }
  }

  #claimOf(stream: StreamSpec, event: EventPlace & { readonly id: string }, expiresAt: number): Change {
    const hash = createHash('sha256').update(event.id).digest('base64url');
    const value: KnownId = { event: formatEventId(event.block, event.row), expires_at: expiresAt };
    return { collection: COLLECTION, id: `${stream.tenant}/${stream.name}/${hash}`, value, ifVersion: 0 };
  }
}
