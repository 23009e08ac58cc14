import type { Catalogue } from '#catalogue';
import type { EnricherData, EnricherMistake, StreamSpec } from '#plugin-kit';
import { newCounters, type EnrichmentCounters, type EnrichmentCounts } from './enrichment-counters.js';
import { EnrichmentRules } from './enrichment-rules.js';
import type { EnrichmentSource, SourceId, SourceTrouble } from './enrichment-source.js';
import { EnrichmentSources, type SourcesParts } from './enrichment-sources.js';
import { LineEnricher, type EnrichmentUse } from './line-enricher.js';
import type { EnrichmentRule, KeptEnrichment, StoredEnrichment } from './rule.js';

/** How an enrichment is doing. */
export interface EnrichmentStatus {
  /** `ready`: in use, though the newest data may have been refused (`trouble`). `failed`: there never was any. */
  readonly state: 'ready' | 'failed' | 'opening';
  readonly data: EnricherData | undefined;
  /** RFC 3339. */
  readonly loadedAt: string | undefined;
  readonly trouble: SourceTrouble | undefined;
  readonly counts: EnrichmentCounts;
}

/** An enrichment, of whom and how it is doing. */
export interface WatchedEnrichment {
  readonly tenant: string;
  readonly name: string;
  readonly status: EnrichmentStatus;
}

export type EnrichmentsParts = SourcesParts & { readonly catalogue: Catalogue };

/** Adds to events what is known of their values: the rules of all tenants, their data, and what became of it. */
export class Enrichments {
  readonly #rules: EnrichmentRules;
  readonly #sources: EnrichmentSources;
  /** By tenant and name. */
  readonly #uses = new Map<string, EnrichmentUse & { readonly source: EnrichmentSource }>();
  /** By the rules that they are made of, then by stream. */
  readonly #enrichers = new WeakMap<readonly StoredEnrichment[], Map<string, LineEnricher | undefined>>();

  constructor(parts: EnrichmentsParts) {
    this.#rules = new EnrichmentRules(parts.catalogue, (tenant) => void this.#tidy(tenant));
    this.#sources = new EnrichmentSources(parts);
  }

  /** Begins to look after files that data comes from. */
  start(): void {
    this.#sources.start();
  }

  /** What enriches events of a stream; undefined where nothing does. */
  async enricher({ tenant, name }: Pick<StreamSpec, 'tenant' | 'name'>): Promise<LineEnricher | undefined> {
    const rules = await this.#rules.list(tenant);
    if (rules.length === 0) return undefined;
    const made = this.#enrichers.get(rules) ?? new Map<string, LineEnricher | undefined>();
    this.#enrichers.set(rules, made);
    if (!made.has(name)) {
      const uses = rules.filter(isFor(name)).map((rule) => this.#use(tenant, rule));
      made.set(name, uses.length === 0 ? undefined : new LineEnricher(uses));
    }
    return made.get(name);
  }

  /** The same with counters of its own, for a trial. */
  async rehearsal({ tenant, name }: Pick<StreamSpec, 'tenant' | 'name'>): Promise<LineEnricher> {
    const rules = (await this.#rules.list(tenant)).filter(isFor(name));
    return new LineEnricher(rules.map((rule) => ({ ...this.#use(tenant, rule), counters: newCounters() })));
  }

  /** An enricher of rules that are not in force, which counts for nobody; to be closed. What fails is in `mistakes`. */
  async trial(
    tenant: string,
    rules: readonly EnrichmentRule[],
  ): Promise<{ enricher: LineEnricher; mistakes: readonly (readonly EnricherMistake[])[]; close(): void }> {
    const sources = rules.map(({ kind, options }) => this.#sources.make({ tenant, kind, options }));
    await Promise.all(sources.map((source) => source.load()));
    const enricher = new LineEnricher(
      rules.map((rule, at) => ({ rule, source: sources[at] as EnrichmentSource, counters: newCounters() })),
    );
    return {
      enricher,
      mistakes: sources.map(({ trouble }) => trouble?.mistakes ?? []),
      close: () => sources.forEach((source) => source.close()),
    };
  }

  /** The tenant's rules by name, which is the order that they work in. */
  list(tenant: string): Promise<readonly StoredEnrichment[]> {
    return this.#rules.list(tenant);
  }

  /**
   * Makes or changes a rule where its data can be opened; else says why not, and nothing is changed.
   *
   * @throws EnrichmentError `too_many_enrichments`
   */
  async put(
    tenant: string,
    rule: KeptEnrichment,
  ): Promise<{ readonly stored: StoredEnrichment } | { readonly mistakes: readonly EnricherMistake[] }> {
    const source = this.#sources.make({ tenant, kind: rule.kind, options: rule.options });
    await source.load();
    if (source.trouble) {
      source.close();
      return { mistakes: source.trouble.mistakes };
    }
    try {
      const stored = await this.#rules.put(tenant, rule);
      this.#sources.adopt(source);
      this.#use(tenant, stored);
      return { stored };
    } catch (error) {
      source.close();
      throw error;
    }
  }

  /** Takes a rule away. */
  async remove(tenant: string, name: string): Promise<void> {
    await this.#rules.remove(tenant, name);
    this.#uses.delete(`${tenant}/${name}`);
  }

  /** Opens a rule's data anew; resolves when that is done, or failed and the old data stays. */
  async reload(tenant: string, rule: StoredEnrichment): Promise<void> {
    await this.#use(tenant, rule).source.load();
  }

  /** How a rule is doing in this process. */
  status(tenant: string, rule: StoredEnrichment): EnrichmentStatus {
    return statusOf(this.#use(tenant, rule));
  }

  /** All that are in use in this process. */
  watched(): readonly WatchedEnrichment[] {
    return [...this.#uses].map(([id, use]) => {
      const [tenant = '', name = ''] = id.split('/');
      return { tenant, name, status: statusOf(use) };
    });
  }

  /** Looks at the files of all data now, and opens anew what changed and has settled. */
  look(): Promise<void> {
    return this.#sources.look();
  }

  /** Takes up plugins that came, went or were replaced; resolves when their data is open, or failed. */
  review(): Promise<void> {
    return this.#sources.review();
  }

  /** Stops following the catalogue and the files, and closes all data. */
  close(): void {
    this.#rules.close();
    this.#sources.close();
  }

  /** A rule with its data, and with the counters that it had before it was changed. */
  #use(tenant: string, rule: EnrichmentRule): EnrichmentUse & { readonly source: EnrichmentSource } {
    const id = `${tenant}/${rule.name}`;
    const before = this.#uses.get(id);
    const source = this.#sources.get({ tenant, kind: rule.kind, options: rule.options });
    const counters: EnrichmentCounters = before?.counters ?? newCounters();
    const use = { rule, source, counters };
    this.#uses.set(id, use);
    return use;
  }

  /** Closes data that no rule names any more. Rules that have changed since they were read are left to whoever reads them next. */
  async #tidy(tenant: string): Promise<void> {
    const reading = this.#rules.list(tenant);
    const rules = await reading.catch(() => undefined);
    if (!rules || this.#rules.list(tenant) !== reading) return;
    const ids = rules.map(({ kind, options }): SourceId => ({ tenant, kind, options }));
    this.#sources.keepOnly(tenant, ids);
    const names = new Set(rules.map(({ name }) => `${tenant}/${name}`));
    for (const id of this.#uses.keys())
      if (id.startsWith(`${tenant}/`) && !names.has(id)) this.#uses.delete(id);
  }
}

/** Whether a rule is for events of a stream. */
function isFor(stream: string): (rule: EnrichmentRule) => boolean {
  return ({ streams }) => streams.length === 0 || streams.includes(stream);
}

function statusOf({
  source,
  counters,
}: EnrichmentUse & { readonly source: EnrichmentSource }): EnrichmentStatus {
  const { enricher, data, loadedAt, trouble } = source;
  const without = trouble ? 'failed' : 'opening';
  return { state: enricher ? 'ready' : without, data, loadedAt, trouble, counts: { ...counters } };
}
