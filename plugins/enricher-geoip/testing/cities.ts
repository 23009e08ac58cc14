import { writeMmdb, type MmdbNetwork } from './write-mmdb.js';

/** A record as the City databases have it. */
export const BOXFORD = {
  city: { geoname_id: 2_655_045, names: { en: 'Boxford', de: 'Boxford (de)' } },
  continent: { code: 'EU', names: { en: 'Europe' } },
  country: { iso_code: 'GB', names: { en: 'United Kingdom', de: 'Vereinigtes Königreich' } },
  location: { latitude: 51.75, longitude: -1.25, time_zone: 'Europe/London', accuracy_radius: 100 },
  postal: { code: 'OX1' },
  subdivisions: [{ iso_code: 'ENG', names: { en: 'England' } }],
};

export const NETWORK = { autonomous_system_number: 64_500, autonomous_system_organization: 'Example Net' };

/** Networks with what is known of each. */
export const CITY_NETWORKS: readonly MmdbNetwork[] = [
  ['81.2.69.0/24', BOXFORD],
  ['203.0.113.0/24', { country: { iso_code: 'DE', names: { en: 'Germany' } } }],
  ['203.0.113.128/25', { ...NETWORK, country: { iso_code: 'FR', names: { en: 'France' } } }],
  ['10.0.0.0/8', { country: { iso_code: 'XX', names: { en: 'nowhere' } } }],
  ['2001:db8::/32', { country: { iso_code: 'NL', names: { en: 'Netherlands' } } }],
  ['198.51.100.0/24', { traits: 'nothing that is known' }],
];

/** The small database of the tests. */
export const CITIES: Buffer = writeMmdb(CITY_NETWORKS);
