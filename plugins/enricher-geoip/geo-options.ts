import { z } from 'zod';
import { GEO_FIELDS } from './geo-fields.js';

/** Options of an enricher of addresses. */
export const geoOptions = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(127)
    .describe('Name of a file in MaxMind’s format (`.mmdb`) in the folder for enrichments.'),
  language: z
    .enum(['de', 'en', 'es', 'fr', 'ja', 'pt-BR', 'ru', 'zh-CN'])
    .default('en')
    .describe('Of names of countries, regions and cities; where there is none, the English one.'),
  fields: z
    .array(z.enum(GEO_FIELDS))
    .min(1)
    .max(GEO_FIELDS.length)
    .optional()
    .describe('Which fields are added. Default: all that the file has.'),
});

export type GeoOptions = z.output<typeof geoOptions>;
