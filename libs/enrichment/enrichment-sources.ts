import type { HostedEnricherPlugin } from '#plugin-host';
import type { EnrichmentFiles } from './enrichment-files.js';
import { EnrichmentSource, type SourceId, type SourceParts } from './enrichment-source.js';

/** Milliseconds between two looks at the files. */
const LOOK_MS = 2_000;

export interface SourcesParts {
  /** By the names of their kinds. */
  readonly enrichers: ReadonlyMap<string, HostedEnricherPlugin>;
  readonly files: Pick<EnrichmentFiles, 'read' | 'stamp'>;
  readonly now: () => number;
  readonly troubled: SourceParts['troubled'];
  readonly opened?: NonNullable<SourceParts['opened']>;
}

/** The data of all enrichments: one for equal kinds and options of a tenant. */
export class EnrichmentSources {
  readonly #sources = new Map<string, EnrichmentSource>();
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(private readonly parts: SourcesParts) {}

  /** Begins to look after the files. */
  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** The data of this id; the first call begins to open it. */
  get(id: SourceId): EnrichmentSource {
    const key = keyOf(id);
    const known = this.#sources.get(key);
    if (known) return known;
    const made = this.make(id);
    this.#sources.set(key, made);
    void made.load();
    return made;
  }

  /** Data of its own, not opened and not looked after, for a trial. */
  make(id: SourceId): EnrichmentSource {
    const { enrichers, ...parts } = this.parts;
    return new EnrichmentSource(id, { ...parts, plugin: enrichers.get(id.kind) });
  }

  /** Takes opened data in, so that it isn't opened again; gives it back where there is some of its id. */
  adopt(source: EnrichmentSource): void {
    const key = keyOf(source.id);
    if (this.#sources.has(key)) source.close();
    else this.#sources.set(key, source);
  }

  /** Closes a tenant's data that none of these ids is of. */
  keepOnly(tenant: string, ids: readonly SourceId[]): void {
    const kept = new Set(ids.map(keyOf));
    for (const [key, source] of this.#sources) {
      if (source.id.tenant !== tenant || kept.has(key)) continue;
      source.close();
      this.#sources.delete(key);
    }
  }

  /** Goes on with the plugins as they are now, each where its data can be opened by it. */
  async review(): Promise<void> {
    const { enrichers } = this.parts;
    await Promise.all(
      [...this.#sources.values()].map((source) => source.take(enrichers.get(source.id.kind))),
    );
  }

  /** Looks at all files, one after the other; not where the last look isn't done. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (const source of [...this.#sources.values()]) await source.look();
    } finally {
      this.#looking = false;
    }
  }

  /** Ends looking, and closes all. */
  close(): void {
    clearInterval(this.#timer);
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
  }
}

function keyOf({ tenant, kind, options }: SourceId): string {
  return JSON.stringify([tenant, kind, options]);
}
