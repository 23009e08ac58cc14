export { newCounters, type EnrichmentCounts } from './enrichment-counters.js';
export { EnrichmentFiles } from './enrichment-files.js';
export { EnrichmentModule, type EnrichmentOptions } from './enrichment.module.js';
export { EnrichmentError, MAX_ENRICHMENTS } from './enrichment-rules.js';
export { Enrichments, type EnrichmentStatus } from './enrichments.js';
export { LineEnricher } from './line-enricher.js';
export type { EnrichmentRule, KeptEnrichment, StoredEnrichment } from './rule.js';
