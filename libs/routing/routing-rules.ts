import type { Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import type { RoutingRule } from './routing-rule.js';

const COLLECTION = 'routing-rules';
/** Tries of a change that is meant for no version, where others change the rules at the same time. */
const TRIES = 5;

/** A rule as it is kept. */
export interface StoredRule extends RoutingRule {
  /** RFC 3339. */
  readonly changed_at: string;
  readonly changed_by: { readonly key_id: string; readonly key_name: string };
}

/** A tenant's rules, in the order that they are asked in. */
export interface RuleBook {
  /** Rises with each change; 0 where there never was a rule. */
  readonly version: number;
  readonly rules: readonly StoredRule[];
}

/** The rules were changed by somebody else. */
export class RuleConflictError extends AlluviumError {
  constructor(version: number) {
    super(`The rules have version ${version} now.`, {
      ...{ code: 'rules_conflict', retryable: false, logLevel: 'info' },
    });
  }
}

/**
 * The routing rules of all tenants: one record each, so that a change of several rules, or of their order, is one change. In
 * force in this process at once, in others within 5 s; read once and then answered from memory.
 */
export class RoutingRules {
  readonly #books = new Map<string, Promise<RuleBook>>();
  readonly #unwatch: () => void;

  constructor(private readonly catalogue: Catalogue) {
    this.#unwatch = catalogue.watch(COLLECTION, (ids) => ids.forEach((id) => this.#books.delete(id)));
  }

  read(tenant: string): Promise<RuleBook> {
    const known = this.#books.get(tenant);
    if (known) return known;
    const reading = this.#read(tenant);
    this.#books.set(tenant, reading);
    reading.catch(() => this.#books.delete(tenant));
    return reading;
  }

  /**
   * Puts other rules in the place of the tenant's.
   *
   * @param change makes the new rules of the old ones; may throw, then nothing is changed
   * @param ifVersion that the change is meant for; absent: whichever there is
   * @throws RuleConflictError `rules_conflict`
   */
  async change(
    tenant: string,
    change: (rules: readonly StoredRule[]) => readonly StoredRule[],
    ifVersion?: number,
  ): Promise<RuleBook> {
    for (let tries = 1; ; tries += 1) {
      const book = await this.#read(tenant);
      if (ifVersion !== undefined && ifVersion !== book.version) throw new RuleConflictError(book.version);
      const rules = change(book.rules);
      const [outcome] = await this.catalogue.write([
        { collection: COLLECTION, id: tenant, value: { rules }, ifVersion: book.version },
      ]);
      this.#books.delete(tenant);
      if (outcome?.kind === 'written') return { version: outcome.version, rules };
      if (ifVersion !== undefined || tries === TRIES) throw new RuleConflictError(outcome?.version ?? 0);
    }
  }

  /** Stops following the catalogue. */
  close(): void {
    this.#unwatch();
  }

  async #read(tenant: string): Promise<RuleBook> {
    const stored = await this.catalogue.read<Pick<RuleBook, 'rules'>>(COLLECTION, tenant);
    return stored ? { version: stored.version, rules: stored.value.rules } : { version: 0, rules: [] };
  }
}
