import { randomUUID } from 'node:crypto';
import type { Catalogue } from '#catalogue';
import type { AuditChain } from './audit-chain.js';
import { BEGUN, type BegunFacts } from './audit-documents.js';
import type { AuditEntry, AuditFacts } from './audit-entry.js';

/** A change that is under way. One of the two ends it. */
export interface BegunChange {
  /** Records what became of it; the entry is durable when it resolves. */
  end(ending: ChangeEnding): Promise<AuditEntry>;
  /** Nothing was changed, so there is nothing to record. */
  forget(): Promise<void>;
}

/** How a change ended, and what is better known of it by now. */
export type ChangeEnding = Pick<AuditFacts, 'outcome'> & Partial<AuditFacts>;

/**
 * Changes between their first step and their entry. That one has begun is durable before anything is changed, so whatever a
 * killed process changed is recorded by the next one.
 */
export class BegunChanges {
  /** Entries that could not be written, by the ids of their changes: tried again. */
  readonly #owed = new Map<string, AuditFacts>();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly chain: AuditChain,
    private readonly reach: (faultPoint: string) => void,
    /** Of one of several processes, which must not take what others do for left behind. */
    private readonly process?: string,
  ) {}

  /** @throws CatalogueError; then nothing may be changed */
  async begin(facts: BegunFacts): Promise<BegunChange> {
    const id = `${this.#prefix}${randomUUID()}`;
    await this.catalogue.write([{ collection: BEGUN, id, value: facts }]);
    this.reach('audit.after-begin');
    return {
      end: (ending) => {
        this.reach('audit.before-entry');
        return this.#end(id, { ...facts, ...ending });
      },
      forget: async () => void (await this.catalogue.write([{ collection: BEGUN, id, value: undefined }])),
    };
  }

  /** Records what the process before this one began and didn't record. @returns how many */
  async settleLeft(): Promise<number> {
    const left = await this.catalogue.scan<BegunFacts>(
      BEGUN,
      this.process === undefined ? {} : { prefix: this.#prefix },
    );
    for (const { id, value } of left) await this.#end(id, { ...value, outcome: 'unknown' });
    return left.length;
  }

  /** Tries entries again that could not be written. */
  async settleOwed(): Promise<void> {
    for (const [id, facts] of this.#owed) {
      const isLeft = (await this.catalogue.read(BEGUN, id)) !== undefined;
      this.#owed.delete(id);
      if (isLeft) await this.#end(id, facts);
    }
  }

  get #prefix(): string {
    return this.process === undefined ? '' : `${this.process}.`;
  }

  async #end(id: string, facts: AuditFacts): Promise<AuditEntry> {
    try {
      return await this.chain.append(facts, () => [{ collection: BEGUN, id, value: undefined }]);
    } catch (error) {
      this.#owed.set(id, facts);
      throw error;
    }
  }
}
