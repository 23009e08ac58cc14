import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CITIES } from '../plugins/enricher-geoip/testing/cities.js';
import { Appliance } from './support/start-appliance.js';

/** What the server shows of an enrichment. */
interface Shown {
  readonly state: string;
  readonly counters: Readonly<Record<string, number>>;
  readonly last_error?: { readonly errors: readonly { readonly message: string }[] };
}

let appliance: Appliance;
let folder: string;

beforeEach(async () => {
  appliance = await Appliance.prepare();
  folder = join(appliance.dataDirectory, 'enrichment');
  await mkdir(folder);
  await appliance.restart();
});
afterEach(() => appliance.dispose());

async function call(method: string, path: string, body?: string, headers = {}): Promise<Response> {
  const own = {
    ...{ authorization: `Bearer ${appliance.adminKey}`, 'content-type': 'application/json' },
    prefer: 'wait=20',
  };
  return fetch(`${appliance.url}/api/v1/${path}`, {
    ...{ method, headers: { ...own, ...headers } },
    ...(body === undefined ? {} : { body }),
  });
}

/** Puts a file in the place of another, as a whole. */
async function replace(name: string, data: string | Uint8Array): Promise<void> {
  await writeFile(join(folder, `${name}.new`), data);
  await rename(join(folder, `${name}.new`), join(folder, name));
}

async function declare(name: string, rule: object): Promise<void> {
  const answer = await call('PUT', `enrichments/${name}`, JSON.stringify(rule));
  expect([answer.status, ((await answer.json()) as Shown).state]).toEqual([200, 'ready']);
}

const shown = async (name: string): Promise<Shown> =>
  (await (await call('GET', `enrichments/${name}`)).json()) as Shown;

async function total(query: string): Promise<number> {
  const search = new URLSearchParams({ query, start_time: '1980-01-01T00:00:00Z', limit: '1' });
  const answer = await call('GET', `logs?${search.toString()}`);
  return ((await answer.json()) as { readonly total: number }).total;
}

async function send(stream: string, body: string, type = 'application/x-ndjson', query = ''): Promise<void> {
  const answer = await call('POST', `streams/${stream}/events${query}`, body, { 'content-type': type });
  expect([answer.status, (await answer.json()) as object]).toMatchObject([200, { pending: 0 }]);
}

/** Waits until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 150 && !(await isSo()); n += 1) await setTimeout(100);
  expect(await isSo()).toBe(true);
}

const HOSTS = {
  kind: 'lookup',
  options: { file: 'hosts.csv', key_column: 'host' },
  field: 'host',
  prefix: 'asset',
};

describe('enriched events', () => {
  it('are found by what was added, whether they came as JSON or as text', async () => {
    await replace('cities.mmdb', CITIES);
    await replace('hosts.csv', 'host,owner\nweb-1,shop\n');
    const geo = {
      kind: 'geoip',
      options: { file: 'cities.mmdb' },
      field: 'client.address',
      prefix: 'client',
    };
    await declare('geo', { ...geo, streams: ['web'] });
    await declare('hosts', HOSTS);
    await send(
      'web',
      '{"client.address":"81.2.69.142"}\n{"client":{"address":"203.0.113.1"},"host":"web-1"}\n{"a":1}\n',
    );
    await send('other', '{"client.address":"81.2.69.142","host":"web-1"}\n');
    await send('text', '<34>Oct 11 22:14:15 web-1 su: failed\n', 'text/plain', '?parser=syslog');
    expect(await total('client.geo.locality.name:Boxford')).toBe(1);
    expect(await total('client.geo.country.iso_code:(GB OR DE)')).toBe(2);
    expect(await total('client.geo.location.lat:[51 TO 52]')).toBe(1);
    expect(await total('asset.owner:shop')).toBe(3);
    expect((await shown('geo')).counters).toMatchObject({ looked_up: 2, found: 2, failed: 0 });
  }, 60_000);

  it('take part in roll-ups and types as any others, and refused ones when they are replayed', async () => {
    await replace('hosts.csv', 'host,user\nweb-1,ann\n');
    const stream = { name: 'logins', event_type: 'login' };
    expect((await call('POST', 'streams', JSON.stringify(stream))).status).toBe(201);
    await send('logins', '{"host":"web-1"}\n{"host":"web-1","user":"bob"}\n');
    expect(await total('user_id:*')).toBe(1);
    await declare('hosts', { ...HOSTS, prefix: undefined });
    expect((await call('POST', 'quarantine/replay', '{"filter":{"stream":"logins"}}')).status).toBe(202);
    await until(async () => (await total('user_id:ann')) === 1);
    expect(await total('user_id:*')).toBe(2);
  }, 60_000);

  it('have the fields of the file before or after, and each one once, where it is replaced and the server killed', async () => {
    await replace('hosts.csv', 'host,owner\nweb-1,v0\n');
    await declare('hosts', HOSTS);
    let sent = 0;
    const load = async (times: number): Promise<void> => {
      for (let n = 0; n < times; n += 1) {
        const lines = Array.from({ length: 500 }, (_, at) => `{"host":"web-1","n":${sent + at}}`);
        await send('web', `${lines.join('\n')}\n`);
        sent += 500;
      }
    };
    for (let version = 1; version <= 3; version += 1) {
      await replace('hosts.csv', `host,owner\nweb-1,v${version}\n`);
      await load(4);
    }
    await until(async () => {
      await load(1);
      return (await total('asset.owner:v3')) > 0;
    });
    const answer = await call('POST', 'streams/web/events', '{"host":"web-1","n":-1}\n', {
      ...{ 'content-type': 'application/x-ndjson', prefer: 'respond-async' },
    });
    expect(answer.status).toBe(202);
    await replace('hosts.csv', 'host,owner\nweb-1,v4\n');
    await appliance.kill();
    await appliance.restart();
    await until(async () => (await total('n:*')) === sent + 1);
    const owned = await Promise.all(
      ['v0', 'v1', 'v2', 'v3', 'v4'].map((owner) => total(`asset.owner:${owner}`)),
    );
    expect(owned.reduce((sum, one) => sum + one, 0)).toBe(sent + 1);
  }, 120_000);

  it('keep the old data where the new file is broken, and go on without where it is gone at a start', async () => {
    await replace('hosts.csv', 'host,owner\nweb-1,shop\n');
    await declare('hosts', HOSTS);
    await replace('hosts.csv', 'host,owner\nweb-1\n');
    await until(async () => (await shown('hosts')).last_error !== undefined);
    expect((await shown('hosts')).last_error?.errors[0]?.message).toMatch(/near line 2/);
    await send('web', '{"host":"web-1","n":1}\n');
    expect(await total('asset.owner:shop AND n:1')).toBe(1);
    await appliance.restart();
    await send('web', '{"host":"web-1","n":2}\n');
    expect(await total('n:2')).toBe(1);
    expect(await total('asset.owner:*')).toBe(1);
    expect(await shown('hosts')).toMatchObject({ state: 'failed', counters: { failed: 1 } });
    await replace('hosts.csv', 'host,owner\nweb-1,back\n');
    await until(async () => (await shown('hosts')).state === 'ready');
    await send('web', '{"host":"web-1","n":3}\n');
    expect(await total('asset.owner:back')).toBe(1);
  }, 60_000);
});

describe('files that enrichments may not read', () => {
  it.each(['../admin.key', '/etc/passwd', '..%2fadmin.key', 'admin.key'])('such as %s', async (file) => {
    const answer = await call(
      'PUT',
      'enrichments/x',
      JSON.stringify({ ...HOSTS, options: { file, key_column: 'root' } }),
    );
    const text = await answer.text();
    expect([answer.status, text.includes('enrichment_invalid')]).toEqual([400, true]);
    expect(text).not.toContain(appliance.adminKey);
  });
});
