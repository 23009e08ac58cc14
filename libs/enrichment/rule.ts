/** What is added to a tenant's events, and by what. */
export interface EnrichmentRule {
  readonly name: string;
  /** Name of the enricher, without its kind: `geoip`. */
  readonly kind: string;
  /** As given; the enricher's schema fills in the rest. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Only events of these streams; of all where there is none. */
  readonly streams: readonly string[];
  /** The field whose value is looked up; `a.b` is `b` inside `a`, or a field of that very name. */
  readonly field: string;
  /** Stands before the names of added fields, with a dot. */
  readonly prefix?: string;
}

/** A rule as it is kept. */
export interface StoredEnrichment extends EnrichmentRule {
  /** Rises with each change. */
  readonly version: number;
  /** RFC 3339. */
  readonly changed_at: string;
  readonly changed_by: { readonly key_id: string; readonly key_name: string };
}

/** A rule to be kept. */
export type KeptEnrichment = Omit<StoredEnrichment, 'version'>;
