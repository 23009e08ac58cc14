import { formatTimestamp, nowNs } from '#event-model';

/** Most addresses that are listed; what others send is counted, not listed. */
const MAX_ADDRESSES = 1_000;
const MAX_REASONS = 50;

/** What an address sent. */
export interface AddressCount {
  readonly address: string;
  readonly messages: number;
  readonly bytes: number;
  readonly first_seen: string;
  readonly last_seen: string;
}

type Mutable = { -readonly [K in keyof AddressCount]: AddressCount[K] };

/** Addresses with what they sent, the first thousand of them. */
export class AddressCounts {
  readonly #known = new Map<string, Mutable>();
  #others = 0;

  add(address: string, messages: number, bytes: number): void {
    const last_seen = formatTimestamp(nowNs());
    const known = this.#known.get(address);
    if (known)
      Object.assign(known, { messages: known.messages + messages, bytes: known.bytes + bytes, last_seen });
    else if (this.#known.size >= MAX_ADDRESSES) this.#others += messages;
    else this.#known.set(address, { address, messages, bytes, first_seen: last_seen, last_seen });
  }

  /** Those that sent last first. */
  list(): readonly AddressCount[] {
    return [...this.#known.values()].sort((a, b) => (a.last_seen < b.last_seen ? 1 : -1));
  }

  /** Messages of addresses that are not listed. */
  get others(): number {
    return this.#others;
  }
}

/** What an input did since the server started. */
export class InputCounters {
  messages = 0;
  bytes = 0;
  refused = 0;
  blank = 0;
  truncated = 0;
  connections = 0;
  /** By reason. */
  readonly dropped = new Map<string, number>();
  readonly senders = new AddressCounts();
  readonly refusedSenders = new AddressCounts();

  /** @param bytes of the messages, without their ends */
  accepted(address: string, messages: number, bytes: number): void {
    this.messages += messages;
    this.bytes += bytes;
    this.senders.add(address, messages, bytes);
  }

  refuse(address: string, messages: number, bytes: number): void {
    this.refused += messages;
    this.refusedSenders.add(address, messages, bytes);
  }

  /** Returns the reason under which they are counted: `other` where there are too many. */
  drop(reason: string, messages: number): string {
    const known = this.dropped.has(reason) || this.dropped.size < MAX_REASONS ? reason : 'other';
    this.dropped.set(known, (this.dropped.get(known) ?? 0) + messages);
    return known;
  }
}
