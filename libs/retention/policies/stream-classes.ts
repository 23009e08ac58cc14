import { nearestPolicy, type RetentionClass } from './policy.js';
import type { PolicyBook, RetentionPolicies } from './retention-policies.js';

/** Milliseconds for which a tenant's policies are good: classes are asked for at each request while a disk is filling. */
const FRESH_MS = 5_000;

export interface StreamClassesParts {
  readonly policies: Pick<RetentionPolicies, 'read'>;
  readonly streams: {
    find(
      tenant: string,
      name: string,
    ): Promise<{ readonly eventType: { readonly name: string } } | undefined>;
  };
  /** Milliseconds, of a clock that never goes back. Default: the machine's. */
  readonly now?: () => number;
}

/** Says how much streams matter, by the policies of at most a few seconds ago. */
export class StreamClasses {
  readonly #books = new Map<string, { readonly readAt: number; readonly book: Promise<PolicyBook> }>();

  constructor(private readonly parts: StreamClassesParts) {}

  /** The class of the nearest policy; `normal` where there is none. @throws CatalogueError */
  async classOf(tenant: string, stream: string): Promise<RetentionClass> {
    const { policies } = await this.#bookOf(tenant);
    if (policies.length === 0) return 'normal';
    const known = await this.parts.streams.find(tenant, stream);
    const byName = new Map(policies.map((policy) => [policy.name, policy]));
    const found = nearestPolicy(byName, { name: stream, eventType: known?.eventType.name ?? '' });
    return found?.class ?? 'normal';
  }

  #bookOf(tenant: string): Promise<PolicyBook> {
    const now = (this.parts.now ?? (() => performance.now()))();
    const known = this.#books.get(tenant);
    if (known && now - known.readAt < FRESH_MS) return known.book;
    const book = this.parts.policies.read(tenant);
    this.#books.set(tenant, { readAt: now, book });
    // What could not be read is read again at the next request.
    book.catch(() => this.#books.delete(tenant));
    return book;
  }
}
