import { defineEnricher, definePlugin } from '#plugin-kit';
import { LookupEnricher } from './lookup-enricher.js';
import { lookupOptions } from './lookup-options.js';
import manifest from './manifest.json' with { type: 'json' };

const enricher = defineEnricher(lookupOptions, (context) => new LookupEnricher(context));

export default definePlugin({ kind: 'enricher', manifest, enricher });
