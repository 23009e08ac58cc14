import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Catalogue, Change } from '#catalogue';
import type { Idempotency } from '../../event-bus.port.js';

const COLLECTION = 'idempotency-reservations';
/** A process that was killed, or whose write never came through, keeps a key from others for so long: milliseconds. */
const STALE_MS = 30_000;
const PAGE = 1_000;
/** For how long of an outage of the catalogue requests wait for its end: a replica set has a new primary by then. Milliseconds. */
const PATIENCE_MS = 15_000;
const AGAIN_AFTER_MS = 200;

/** Who writes the request of a key, since when. */
interface Reservation {
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly expiresAt: number;
}

/** `ours`: write it. `theirs`: another process has it, and may be writing it now. `settle`: as `ours`, but read the topic first. */
export type Reserved = 'ours' | 'theirs' | 'settle';

/** Lets one process at a time write the request of an idempotency key; what was written the topic says. */
export class KeyReservations {
  private readonly by = randomUUID();
  /** Since when the catalogue is out; 0 where it answers. */
  private outSince = 0;
  private lastAt = 0;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly now: () => number = Date.now,
  ) {}

  /** Waits through a short outage of the catalogue, and no longer than until it has lasted 15 s. @throws CatalogueError */
  async reserve({ key, expiresAt }: Idempotency): Promise<Reserved> {
    // No two tries of this process have the same: by it a write is known whose answer was lost.
    this.lastAt = Math.max(this.now(), this.lastAt + 1);
    const value: Reservation = { by: this.by, at: this.lastAt, expiresAt };
    for (;;)
      try {
        const reserved = await this.write(idOf(key), value);
        this.outSince = 0;
        return reserved;
      } catch (error) {
        this.outSince ||= this.now();
        if (this.now() - this.outSince > PATIENCE_MS) throw error;
        await pause(AGAIN_AFTER_MS);
      }
  }

  private async write(id: string, value: Reservation): Promise<Reserved> {
    const { at } = value;
    const [outcome] = await this.catalogue.write([{ collection: COLLECTION, id, value, ifVersion: 0 }]);
    if (outcome?.kind === 'written') return 'ours';
    const kept = await this.catalogue.read<Reservation>(COLLECTION, id);
    if (kept?.value.by === this.by && kept.value.at === at) return 'ours';
    const isFree = kept === undefined || kept.value.by === this.by || kept.value.at + STALE_MS < at;
    if (!isFree) return 'theirs';
    const change = { collection: COLLECTION, id, value, ifVersion: kept?.version ?? 0 };
    return (await this.catalogue.write([change]))[0]?.kind === 'written' ? 'settle' : 'theirs';
  }

  /** Gives keys back whose requests were certainly not written. */
  async release(keys: readonly string[]): Promise<void> {
    await this.catalogue.write(keys.map((key) => gone(idOf(key))));
  }

  /** Forgets those that nobody may repeat any more. */
  async expire(nowMs: number): Promise<void> {
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan<Reservation>(COLLECTION, {
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      const over = page.filter(({ value }) => value.expiresAt < nowMs);
      if (over.length > 0) await this.catalogue.write(over.map(({ id }) => gone(id)));
      after = page.at(-1)?.id;
      if (page.length < PAGE) return;
    }
  }
}

/** A client's key may be longer than a document's name. */
function idOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function gone(id: string): Change {
  return { collection: COLLECTION, id, value: undefined };
}
