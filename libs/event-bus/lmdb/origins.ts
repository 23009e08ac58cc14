import type { BlockHeader } from '#event-model';

/** Where events came from. */
export interface Origin {
  readonly tenant: string;
  readonly stream: string;
  readonly source: string;
}

const MOST_KEPT = 10_000;

/** Keeps one record for each origin, so that a million waiting blocks share their names. */
export class Origins {
  private readonly known = new Map<string, Origin>();

  of(header: BlockHeader): Origin {
    const key = `${header.tenant}/${header.stream}/${header.source}`;
    const origin = this.known.get(key);
    return origin ?? this.learn(key, header);
  }

  private learn(key: string, { tenant, stream, source }: BlockHeader): Origin {
    if (this.known.size >= MOST_KEPT) this.known.clear();
    const origin = { tenant, stream, source };
    this.known.set(key, origin);
    return origin;
  }
}
