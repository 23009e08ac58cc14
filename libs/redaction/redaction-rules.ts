import type { Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import { Redactor } from './redactor.js';
import type { Replace } from './replacement.js';
import type { RedactionPlace, RedactionRule } from './rule.js';

const COLLECTION = 'redactions';
/** Most rules that a tenant may have. */
export const MAX_RULES = 100;

/** A rule as it is kept. */
export interface StoredRule extends RedactionRule {
  /** Rises with each change. */
  readonly version: number;
  /** RFC 3339. */
  readonly changed_at: string;
  readonly changed_by: { readonly key_id: string; readonly key_name: string };
}

type Kept = Omit<StoredRule, 'version'>;

/** A rule can't be kept as asked. */
export class RedactionError extends AlluviumError {
  constructor(code: 'too_many_redactions', message: string) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}

/**
 * The redaction rules of all tenants, kept in the catalogue. In force in this process at once, in others within 5 s; those
 * of a tenant are read once and then answered from memory.
 */
export class RedactionRules {
  /** By tenant: its rules in the order of their names. */
  readonly #rules = new Map<string, Promise<readonly StoredRule[]>>();
  /** By the rules that they are made of, then by stream and place. */
  readonly #redactors = new WeakMap<readonly StoredRule[], Map<string, Redactor | undefined>>();
  readonly #unwatch: () => void;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly replace: Replace,
  ) {
    this.#unwatch = catalogue.watch(COLLECTION, (ids) => {
      for (const id of ids) this.#forget(id.split('/')[0] ?? '');
    });
  }

  /** What applies to events of a stream at this place; undefined where nothing does. */
  redactor(tenant: string, stream: string, at: RedactionPlace): Promise<Redactor | undefined> {
    return this.#redactor(tenant, `${stream}/${at}`, (rule) => isFor(rule, stream) && rule.at === at);
  }

  /**
   * What applies at acceptance to events that were accepted for one stream and then go to another, besides what applied
   * already; undefined where nothing does.
   */
  redactorAfterMove(tenant: string, accepted: string, stream: string): Promise<Redactor | undefined> {
    if (accepted === stream) return Promise.resolve(undefined);
    return this.#redactor(
      tenant,
      `${stream}/moved`,
      (rule) => rule.stream === stream && rule.at === 'accept',
    );
  }

  async #redactor(
    tenant: string,
    id: string,
    applies: (rule: StoredRule) => boolean,
  ): Promise<Redactor | undefined> {
    const rules = await this.list(tenant);
    if (rules.length === 0) return undefined;
    const made = this.#redactors.get(rules) ?? new Map<string, Redactor | undefined>();
    this.#redactors.set(rules, made);
    if (!made.has(id)) made.set(id, this.of(rules.filter(applies)));
    return made.get(id);
  }

  /** A redactor of these rules, in their order; undefined of none. */
  of(rules: readonly RedactionRule[]): Redactor | undefined {
    return rules.length === 0 ? undefined : new Redactor(rules, this.replace);
  }

  /** The tenant's rules by name, which is the order that they are asked in. */
  list(tenant: string): Promise<readonly StoredRule[]> {
    const known = this.#rules.get(tenant);
    if (known) return known;
    const reading = this.#read(tenant);
    this.#rules.set(tenant, reading);
    reading.catch(() => this.#rules.delete(tenant));
    return reading;
  }

  /** Makes or changes a rule. @throws RedactionError `too_many_redactions` */
  async put(tenant: string, rule: Kept): Promise<StoredRule> {
    const rules = await this.#read(tenant);
    if (rules.length >= MAX_RULES && !rules.some(({ name }) => name === rule.name))
      throw new RedactionError(
        'too_many_redactions',
        `The tenant has ${MAX_RULES} rules, the most it may have.`,
      );
    const [outcome] = await this.catalogue.write([
      { collection: COLLECTION, id: `${tenant}/${rule.name}`, value: rule },
    ]);
    this.#forget(tenant);
    return { ...rule, version: outcome?.version ?? 0 };
  }

  /** Takes a rule away; false where there is none. */
  async remove(tenant: string, name: string): Promise<boolean> {
    const id = `${tenant}/${name}`;
    const kept = await this.catalogue.read<Kept>(COLLECTION, id);
    if (!kept) return false;
    await this.catalogue.write([{ collection: COLLECTION, id, value: undefined }]);
    this.#forget(tenant);
    return true;
  }

  /** Stops following the catalogue. */
  close(): void {
    this.#unwatch();
  }

  #forget(tenant: string): void {
    this.#rules.delete(tenant);
  }

  async #read(tenant: string): Promise<readonly StoredRule[]> {
    const stored = await this.catalogue.scan<Kept>(COLLECTION, { prefix: `${tenant}/`, limit: 1_000 });
    return stored.map(({ value, version }) => ({ ...value, version }));
  }
}

function isFor(rule: RedactionRule, stream: string): boolean {
  return (rule.stream ?? stream) === stream;
}
