import { ChangeQueue, type Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import type { KeptEnrichment, StoredEnrichment } from './rule.js';

const COLLECTION = 'enrichments';
/** Most rules that a tenant may have. */
export const MAX_ENRICHMENTS = 50;

/** A rule can't be kept as asked. */
export class EnrichmentError extends AlluviumError {
  constructor(code: 'too_many_enrichments', message: string) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}

/**
 * The enrichment rules of all tenants, kept in the catalogue. In force in this process at once, in others within 5 s; those
 * of a tenant are read once and then answered from memory.
 */
export class EnrichmentRules {
  readonly #rules = new Map<string, Promise<readonly StoredEnrichment[]>>();
  readonly #changes = new ChangeQueue();
  readonly #unwatch: () => void;

  /** @param changed told of a tenant whose rules are others now */
  constructor(
    private readonly catalogue: Catalogue,
    private readonly changed: (tenant: string) => void,
  ) {
    this.#unwatch = catalogue.watch(COLLECTION, (ids) => {
      for (const id of ids) this.#forget(id.split('/')[0] ?? '');
    });
  }

  /** The tenant's rules by name, which is the order that they work in. */
  list(tenant: string): Promise<readonly StoredEnrichment[]> {
    const known = this.#rules.get(tenant);
    if (known) return known;
    const reading = this.#read(tenant);
    this.#rules.set(tenant, reading);
    reading.catch(() => this.#rules.delete(tenant));
    return reading;
  }

  /** Makes or changes a rule. @throws EnrichmentError `too_many_enrichments` */
  put(tenant: string, rule: KeptEnrichment): Promise<StoredEnrichment> {
    return this.#changes.run(() => this.#put(tenant, rule));
  }

  /** Takes a rule away; nothing happens where there is none. */
  async remove(tenant: string, name: string): Promise<void> {
    await this.catalogue.write([{ collection: COLLECTION, id: `${tenant}/${name}`, value: undefined }]);
    this.#forget(tenant);
  }

  /** Stops following the catalogue. */
  close(): void {
    this.#unwatch();
  }

  async #put(tenant: string, rule: KeptEnrichment): Promise<StoredEnrichment> {
    const rules = await this.#read(tenant);
    if (rules.length >= MAX_ENRICHMENTS && !rules.some(({ name }) => name === rule.name)) {
      const message = `The tenant has ${MAX_ENRICHMENTS} enrichments, the most it may have.`;
      throw new EnrichmentError('too_many_enrichments', message);
    }
    const [outcome] = await this.catalogue.write([
      { collection: COLLECTION, id: `${tenant}/${rule.name}`, value: rule },
    ]);
    this.#forget(tenant);
    return { ...rule, version: outcome?.version ?? 0 };
  }

  #forget(tenant: string): void {
    this.#rules.delete(tenant);
    this.changed(tenant);
  }

  async #read(tenant: string): Promise<readonly StoredEnrichment[]> {
    const stored = await this.catalogue.scan<KeptEnrichment>(COLLECTION, { prefix: `${tenant}/` });
    return stored.map(({ value, version }) => ({ ...value, version }));
  }
}
