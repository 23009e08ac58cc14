import type { EnrichmentStatus, StoredEnrichment } from '#enrichment';
import type { ShownEnrichment } from './enrichments.schema.js';

/** An enrichment as the API shows it: never what is in its data. */
export function shownEnrichment(rule: StoredEnrichment, status: EnrichmentStatus): ShownEnrichment {
  const { data, loadedAt, trouble, state, counts } = status;
  return {
    ...rule,
    options: { ...rule.options },
    streams: [...rule.streams],
    state,
    ...(data && loadedAt !== undefined && { data: { ...data, loaded_at: loadedAt } }),
    ...(trouble && { last_error: { at: trouble.at, errors: shownTrouble(trouble) } }),
    counters: { ...counts },
  };
}

function shownTrouble({ mistakes }: NonNullable<EnrichmentStatus['trouble']>) {
  return mistakes.map(({ option, what, mend }) => ({ path: `options.${option}`, message: what, mend }));
}
