import { EventBusError } from '../event-bus.errors.js';
import type { Idempotency, PublishBatch, PublishOutcome } from '../event-bus.port.js';
import type { StoredAnswer } from '../lmdb/bus-stores.js';
import { knownKey } from '../lmdb/idempotency-keys.js';
import type { TopicIndex } from './topic-index.js';
import type { TopicSharing } from './topic-sharing.js';

const PUBLISHED: PublishOutcome = { kind: 'published' };

export interface KeyClaimsParts {
  readonly index: TopicIndex;
  sharing(): Pick<TopicSharing, 'reserve' | 'release'>;
  /** Brings the index up to the topic. */
  readToEnd(): Promise<void>;
}

/** Decides which of the batches of one call are written: each idempotency key once. */
export class KeyClaims {
  constructor(private readonly parts: KeyClaimsParts) {}

  /** `published` says that a batch is to be written now. */
  async take(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    this.parts.index.keys.begin();
    const outcomes: PublishOutcome[] = [];
    for (const { idempotency } of batches)
      outcomes.push(idempotency ? await this.claim(idempotency) : PUBLISHED);
    return outcomes;
  }

  /** Lets others write the requests of these batches, of which nothing was written. */
  async release(batches: readonly PublishBatch[]): Promise<void> {
    const keys = batches.flatMap(({ idempotency }) => idempotency?.key ?? []);
    // What is not released is free after a while.
    if (keys.length > 0)
      await this.parts
        .sharing()
        .release(keys)
        .catch(() => undefined);
  }

  private async claim(idempotency: Idempotency): Promise<PublishOutcome> {
    const { keys, writer } = this.parts.index;
    const known = keys.claim(writer.stores, idempotency);
    if (known) return repeated(known);
    const outcome = await this.reserve(idempotency);
    if (outcome.kind !== 'published') keys.forget(idempotency.key);
    return outcome;
  }

  private async reserve(idempotency: Idempotency): Promise<PublishOutcome> {
    try {
      const reserved = await this.parts.sharing().reserve(idempotency);
      if (reserved === 'ours') return PUBLISHED;
      if (reserved === 'settle') await this.parts.readToEnd();
      const answer = knownKey(this.parts.index.writer.stores, idempotency.key);
      if (answer) return repeated(answer);
      return reserved === 'settle' ? PUBLISHED : refused('another process may be writing it just now');
    } catch (error) {
      return refused('it can not be asked now whether it was used', error);
    }
  }
}

function repeated({ bodyHash, answer }: StoredAnswer): PublishOutcome {
  return { kind: 'repeated', bodyHash, answer };
}

function refused(why: string, cause?: unknown): PublishOutcome {
  const message = `The request with this Idempotency-Key is not taken, since ${why}: send it again.`;
  return { kind: 'refused', error: new EventBusError('bus_unavailable', message, cause) };
}
