import { defineEnricher, definePlugin } from '#plugin-kit';
import { GeoEnricher } from './geo-enricher.js';
import { geoOptions } from './geo-options.js';
import manifest from './manifest.json' with { type: 'json' };

const enricher = defineEnricher(geoOptions, (context) => new GeoEnricher(context));

export default definePlugin({ kind: 'enricher', manifest, enricher });
