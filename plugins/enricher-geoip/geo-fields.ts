import type { EnrichedFields } from '#plugin-kit';

/**
 * Fields that are added: `geo.*` as OpenTelemetry names them (semantic conventions, registry of attributes, "Geo"), and what it has
 * no name for as the Elastic Common Schema does ("Geo fields", "Autonomous system fields").
 */
export const GEO_FIELDS = [
  'geo.continent.code',
  'geo.country.iso_code',
  'geo.country_name',
  'geo.region.iso_code',
  'geo.region_name',
  'geo.locality.name',
  'geo.postal_code',
  'geo.location.lat',
  'geo.location.lon',
  'geo.timezone',
  'as.number',
  'as.organization.name',
] as const;

export type GeoField = (typeof GEO_FIELDS)[number];

/** A value of a database: whatever its maker wrote. */
type Json = unknown;

/** The value that keys lead to; undefined where there is none. */
function at(value: Json, ...path: readonly (string | number)[]): Json {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[key];
  }
  return found;
}

type Read = (record: Json, language: string) => Json;

const name =
  (...path: readonly (string | number)[]): Read =>
  (record, language) =>
    at(record, ...path, 'names', language) ?? at(record, ...path, 'names', 'en');

/** ISO 3166-2: the country's code and the region's. */
function regionCode(record: Json): string | undefined {
  const [country, region] = [at(record, 'country', 'iso_code'), at(record, 'subdivisions', 0, 'iso_code')];
  return typeof country === 'string' && typeof region === 'string' ? `${country}-${region}` : undefined;
}

/** Where MaxMind's databases (GeoIP2 and GeoLite2 City, Country, ASN, ISP) have each field. */
const READ: Readonly<Record<GeoField, Read>> = {
  'geo.continent.code': (record) => at(record, 'continent', 'code'),
  'geo.country.iso_code': (record) => at(record, 'country', 'iso_code'),
  'geo.country_name': name('country'),
  'geo.region.iso_code': regionCode,
  'geo.region_name': name('subdivisions', 0),
  'geo.locality.name': name('city'),
  'geo.postal_code': (record) => at(record, 'postal', 'code'),
  'geo.location.lat': (record) => at(record, 'location', 'latitude'),
  'geo.location.lon': (record) => at(record, 'location', 'longitude'),
  'geo.timezone': (record) => at(record, 'location', 'time_zone'),
  'as.number': (record) => at(record, 'autonomous_system_number'),
  'as.organization.name': (record) => at(record, 'autonomous_system_organization'),
};

/** The fields that a record of a database has; undefined where that is none of them. */
export function fieldsOf(
  record: unknown,
  fields: readonly GeoField[],
  language: string,
): EnrichedFields | undefined {
  const found: Record<string, string | number> = {};
  for (const field of fields) {
    const value = READ[field](record, language);
    if (typeof value === 'string' ? value !== '' : Number.isFinite(value))
      found[field] = value as string | number;
  }
  return Object.keys(found).length === 0 ? undefined : found;
}
