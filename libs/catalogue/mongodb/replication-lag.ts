import type { MongoClient } from 'mongodb';

/** What a member says of itself, as the driver asks it every two seconds; it needs no rights for that. */
export interface MemberAnswer {
  readonly isWritablePrimary?: boolean;
  readonly secondary?: boolean;
  /** The last write that it has applied: a stamp of the clock of the primary that made it. */
  readonly lastWrite?: { readonly lastWriteDate?: Date };
}

interface Heard {
  readonly isPrimary: boolean;
  /** Milliseconds from the last write to the answer, from an origin that all members share. */
  readonly age: number;
}

/** How far the secondaries of a replica set are behind the primary, by what each says of its last write. */
export class ReplicationLag {
  readonly #heard = new Map<string, Heard>();

  /** Listens to a client's looks at members; the descriptions that it keeps are not renewed for a write alone. */
  follow(client: MongoClient): void {
    client.on('serverHeartbeatSucceeded', ({ connectionId, reply }) => this.hear(connectionId, reply));
    client.on('serverHeartbeatFailed', ({ connectionId }) => this.forget(connectionId));
    client.on('serverClosed', ({ address }) => this.forget(address));
  }

  /** @param now milliseconds of a clock that never goes back */
  hear(address: string, answer: MemberAnswer, now: number = performance.now()): void {
    const { isWritablePrimary: isPrimary = false, secondary = false, lastWrite } = answer;
    const written = lastWrite?.lastWriteDate;
    if (written && (isPrimary || secondary))
      this.#heard.set(address, { isPrimary, age: now - Number(written) });
    else this.forget(address);
  }

  forget(address: string): void {
    this.#heard.delete(address);
  }

  /**
   * Seconds by the address of each secondary that answers; empty where no primary does. In a set to which nobody writes it may be up
   * to 10 seconds, after which the primary writes by itself.
   */
  seconds(): ReadonlyMap<string, number> {
    const primary = [...this.#heard.values()].find(({ isPrimary }) => isPrimary);
    if (!primary) return new Map();
    const secondaries = [...this.#heard].filter(([, { isPrimary }]) => !isPrimary);
    return new Map(
      secondaries.map(([address, { age }]) => [address, Math.max(0, age - primary.age) / 1_000]),
    );
  }
}
