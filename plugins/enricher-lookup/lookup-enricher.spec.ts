import { describe, expect, it } from 'vitest';
import { EnricherDataError, type EnricherData, type EnrichedFields } from '#plugin-kit';
import { contextOf, describeEnricherContract, withEnricher } from '#plugin-kit/testing';
import plugin from './index.js';

const { enricher } = plugin;
const FILE = 'hosts.csv';
const TABLE =
  'host,owner,tier\nweb-1,shop,1\n"web,2","the ""shop""",\nDB-1,data,2\nweb-1,second,9\n,none,0\n';
const OPTIONS = { file: FILE, key_column: 'host' };

describeEnricherContract('enricher-lookup', {
  enricher,
  options: OPTIONS,
  files: { [FILE]: Buffer.from(TABLE) },
  known: ['web-1', 'web,2'],
  unknown: ['web-3', 'db-1'],
  broken: [{ [FILE]: Buffer.from('a,b\n1,2\n') }, { [FILE]: Buffer.from('host,owner\n"web') }],
});

async function find(value: string, options: object = {}, table = TABLE): Promise<EnrichedFields | undefined> {
  let found: EnrichedFields | undefined;
  const files = { [FILE]: Buffer.from(table) };
  const harness = {
    enricher,
    options: { ...OPTIONS, ...options },
    files,
    known: [],
    unknown: [],
    broken: [],
  };
  await withEnricher(harness, (opened) => void (found = opened.enrich([value])[0]));
  return found;
}

async function open(table: string | Buffer, options: object = {}): Promise<EnricherData | EnricherDataError> {
  const made = enricher.create(contextOf({ ...OPTIONS, ...options }, { [FILE]: Buffer.from(table) }));
  return made.open().catch((error: unknown) => error as EnricherDataError);
}

async function mistakes(table: string | Buffer, options: object = {}): Promise<readonly string[]> {
  const error = await open(table, options);
  return error instanceof EnricherDataError
    ? error.mistakes.map(({ option, what }) => `${option}: ${what}`)
    : [];
}

describe('a look-up', () => {
  it.each([
    ['web-1', { owner: 'shop', tier: '1' }],
    ['web,2', { owner: 'the "shop"' }],
    ['DB-1', { owner: 'data', tier: '2' }],
    ['db-1', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ])('of %j: %j', async (value, fields) => {
    expect(await find(value)).toEqual(fields);
  });

  it('does not mind letter case where it is told so', async () => {
    expect(await find('Db-1', { ignore_case: true })).toEqual({ owner: 'data', tier: '2' });
  });

  it('gives fields the names that it is told', async () => {
    expect(await find('web-1', { fields: { 'asset.owner': 'owner' } })).toEqual({ 'asset.owner': 'shop' });
  });

  it.each([
    ['\ufeffhost,owner\r\nweb-1,x\r\n\r\n', ','],
    ['host;owner\nweb-1;x', ';'],
    ['host\towner\nweb-1\tx\n', '\t'],
  ])('reads %j', async (table, delimiter) => {
    expect(await find('web-1', { delimiter }, table)).toEqual({ owner: 'x' });
  });
});

describe('a table', () => {
  it('says how many keys it has', async () => {
    expect(await open(TABLE)).toEqual({ title: '2 fields by host', entries: 3 });
  });

  it.each<[string | Buffer, object, readonly string[]]>([
    ['', {}, ['file: The table is empty.']],
    [Buffer.from([0xff, 0xfe, 0x41]), {}, ['file: The table is not in UTF-8.']],
    ['host,host\n', {}, ['file: Two columns are named "host".']],
    ['host\nweb\n', {}, ['fields: The table has nothing besides the key.']],
    [
      'host,owner\nweb-1,x,y\n',
      {},
      ["file: The table can't be read near line 2: a row has more or fewer cells than the header."],
    ],
    ['host,owner\nweb-1,"x\n', {}, [expect.stringContaining('a quote is not closed')]],
    [
      `host,owner\nweb-1,${'x'.repeat(70_000)}\n`,
      {},
      [expect.stringContaining('a row has more than 65536 bytes')],
    ],
    [`host,owner\nweb-1,${'x'.repeat(9_000)}\n`, {}, ['file: A cell has more than 8192 characters.']],
    [`host${',a'.repeat(100)}\n`, {}, ['file: The table has 101 columns; 100 are the most.']],
    [
      'a,the name,id\n',
      { fields: undefined },
      [
        'key_column: The table has no column "host".',
        'fields: No field may be named as the column "the name".',
        'fields: No field may be named as the column "id".',
      ],
    ],
    [
      'host,owner\n',
      { key_column: 'Host', fields: { team: 'Team', boss: 'Boss' } },
      [
        'key_column: The table has no column "Host".',
        'fields.team: The table has no column "Team".',
        'fields.boss: The table has no column "Boss".',
      ],
    ],
  ])('is refused as %.30j with %j', async (table, options, expected) => {
    expect(await mistakes(table, options)).toEqual(expected);
  });

  it('is refused where it is too long', async () => {
    const rows = Array.from({ length: 100_001 }, (_, n) => `h${n},x`).join('\n');
    expect(await mistakes(`host,owner\n${rows}\n`)).toEqual(['file: The table has more than 100000 rows.']);
  });

  it('gives no field a forbidden name', () => {
    const { options } = enricher;
    expect(options.safeParse({ ...OPTIONS, fields: { id: 'owner' } }).success).toBe(false);
  });
});
