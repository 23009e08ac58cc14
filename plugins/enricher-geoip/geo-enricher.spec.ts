import { describe, expect, it } from 'vitest';
import type { EnrichedFields } from '#plugin-kit';
import { contextOf, describeEnricherContract, withEnricher } from '#plugin-kit/testing';
import plugin from './index.js';
import { CITIES, CITY_NETWORKS } from './testing/cities.js';
import { writeMmdb } from './testing/write-mmdb.js';

const { enricher } = plugin;
const FILE = 'cities.mmdb';
const HARNESS = {
  enricher,
  options: { file: FILE },
  files: { [FILE]: CITIES },
  known: ['81.2.69.142', '203.0.113.1', '2001:db8::1'],
  unknown: ['192.0.2.1', '2001:db9::1', 'localhost'],
  broken: [
    { [FILE]: Buffer.alloc(0) },
    { [FILE]: Buffer.from('<html>not found</html>') },
    { [FILE]: CITIES.subarray(0, CITIES.length / 2) },
    { [FILE]: CITIES.subarray(CITIES.length / 2) },
  ],
};

describeEnricherContract('enricher-geoip', HARNESS);

async function find(value: string, options: object = {}, file = CITIES): Promise<EnrichedFields | undefined> {
  let found: EnrichedFields | undefined;
  const harness = { ...HARNESS, options: { file: FILE, ...options }, files: { [FILE]: file } };
  await withEnricher(harness, (opened) => void (found = opened.enrich([value])[0]));
  return found;
}

describe('where an address is', () => {
  it('is all that the database has, by the names of the field', async () => {
    expect(await find('81.2.69.142')).toEqual({
      'geo.continent.code': 'EU',
      'geo.country.iso_code': 'GB',
      'geo.country_name': 'United Kingdom',
      'geo.region.iso_code': 'GB-ENG',
      'geo.region_name': 'England',
      'geo.locality.name': 'Boxford',
      'geo.postal_code': 'OX1',
      'geo.location.lat': 51.75,
      'geo.location.lon': -1.25,
      'geo.timezone': 'Europe/London',
    });
  });

  it.each([
    ['203.0.113.1', 'DE'],
    ['203.0.113.127', 'DE'],
    ['203.0.113.128', 'FR'],
    ['203.0.113.255', 'FR'],
    ['2001:db8:ffff::', 'NL'],
    ['2001:0DB8::1', 'NL'],
    ['::ffff:203.0.113.1', 'DE'],
    ['::FFFF:203.0.113.200', 'FR'],
  ])('of %s: %s', async (address, country) => {
    expect(await find(address)).toMatchObject({ 'geo.country.iso_code': country });
  });

  it.each([
    '10.1.2.3',
    '::ffff:10.1.2.3',
    '127.0.0.1',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    '169.254.169.254',
    '224.0.0.1',
  ])('is not asked of %s', async (address) => {
    expect(await find(address, {}, writeMmdb([['::/0', { country: { iso_code: 'XX' } }]]))).toBeUndefined();
  });

  it.each(['', '81.2.69', '81.2.69.142:443', '81.2.69.142 ', '081.2.69.142', 'example.org', '198.51.100.1'])(
    'is not known of %j',
    async (text) => {
      expect(await find(text)).toBeUndefined();
    },
  );

  it('is in another language where the database has it, and in English else', async () => {
    expect(await find('81.2.69.142', { language: 'de' })).toMatchObject({
      'geo.country_name': 'Vereinigtes Königreich',
      'geo.region_name': 'England',
    });
  });

  it('is as much as was asked for', async () => {
    const fields = ['as.number', 'as.organization.name'];
    expect(await find('203.0.113.200', { fields })).toEqual({
      'as.number': 64_500,
      'as.organization.name': 'Example Net',
    });
    expect(await find('203.0.113.1', { fields })).toBeUndefined();
  });
});

describe('a database', () => {
  it('says what it is and when it was made', async () => {
    const made = enricher.create(contextOf({ file: FILE }, { [FILE]: CITIES }));
    expect(await made.open()).toEqual({ title: 'Test-City', built_at: '2026-09-21T14:13:20.000Z' });
    made.close();
    expect(made.enrich(['81.2.69.142'])).toEqual([undefined]);
  });

  it('that has odd values gives what is sound of them', async () => {
    const odd = {
      country: { iso_code: 7, names: ['x'] },
      location: { latitude: true, longitude: 3.5 },
      city: 'x',
    };
    const file = writeMmdb([...CITY_NETWORKS, ['192.0.2.0/24', odd]]);
    expect(await find('192.0.2.1', {}, file)).toEqual({ 'geo.country.iso_code': 7, 'geo.location.lon': 3.5 });
  });
});
