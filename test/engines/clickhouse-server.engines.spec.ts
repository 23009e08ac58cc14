import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startTestServer } from '../../plugins/tier-clickhouse/testing/test-server.js';
import { NumberedLoad } from '../faults/numbered-load.js';
import { ApiClient } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const RANGE = { start_time: 'now-1d', end_time: 'now+1d' };
const server = await startTestServer();
const env = {
  CLICKHOUSE_URL: server.url,
  CLICKHOUSE_USER: server.user,
  CLICKHOUSE_PASSWORD: server.password(),
};
let appliance: Appliance;
afterEach(() => appliance.dispose());
afterAll(() => server.stop());

/** An answer of the API as text and bytes. */
async function ask(path: string, query: Readonly<Record<string, string>> = {}) {
  const headers = { authorization: `Bearer ${appliance.adminKey}` };
  const answer = await fetch(`${appliance.url}${path}?${new URLSearchParams(query)}`, { headers });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) };
}

async function askJson(path: string, query: Readonly<Record<string, string>> = {}) {
  return JSON.parse((await ask(path, query)).bytes.toString());
}

async function countBy(question: object) {
  const headers = { authorization: `Bearer ${appliance.adminKey}`, 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(question) };
  return JSON.parse(await (await fetch(`${appliance.url}/api/v1/logs/aggregate`, request)).text());
}

const searchReport = async () => (await askJson('/health/ready')).details.search;

describe('the appliance on a ClickHouse server', () => {
  it('takes, refuses, finds, counts and exports events as it does on the engine in the process', async () => {
    appliance = await startAppliance({ env });
    const api = new ApiClient(appliance);
    const stream = `events-${process.pid}`;
    await api.createStream(stream, 'service-log');
    const lines = Array.from({ length: 500 }, (_, n) =>
      JSON.stringify({ level: n % 5 === 0 ? 'error' : 'info', message: `request ${n} done`, n, free: { n } }),
    );
    const sent = await api.send(stream, Buffer.from(`${[...lines, 'no json'].join('\n')}\n`), {
      prefer: 'wait=30',
    });
    expect(sent.body).toMatchObject({ accepted: 501, stored: 500, quarantined: 1, pending: 0 });

    const found = await askJson('/api/v1/logs', { ...RANGE, stream, query: 'level:error AND "request 45"' });
    expect(found).toMatchObject({ total: 1, logs: [{ attributes: { n: 45, free: { n: 45 } } }] });
    const counted = await countBy({ ...RANGE, stream, group_by: ['level'] });
    expect(counted.buckets).toEqual([
      { group: { level: 'info' }, metrics: { count: 400 } },
      { group: { level: 'error' }, metrics: { count: 100 } },
    ]);
    const refused = await askJson('/api/v1/quarantine', { ...RANGE, stream });
    expect(JSON.stringify(refused)).toContain('not_json');

    const fileAs = async (format: string): Promise<Buffer> => {
      const { status, bytes } = await ask('/api/v1/logs/export', { ...RANGE, stream, format });
      expect([format, status]).toEqual([format, 200]);
      return bytes;
    };
    const [ndjson, json] = [await fileAs('ndjson'), await fileAs('json')];
    const [csv, parquet] = [await fileAs('csv'), await fileAs('parquet')];
    expect(ndjson.toString().trimEnd().split('\n')).toHaveLength(500);
    expect(JSON.parse(json.toString()).logs).toHaveLength(500);
    expect(csv.toString().trimEnd().split('\r\n')).toHaveLength(501);
    expect([parquet.toString('latin1', 0, 4), parquet.length > 5_000]).toEqual(['PAR1', true]);
    expect((await ask('/metrics')).bytes.toString()).toContain('alluvium_tier_up{tier="clickhouse"} 1');
    expect(appliance.output()).not.toContain(server.password());
  });

  it('keeps each acknowledged event once when it is killed in a load', async () => {
    appliance = await startAppliance({ env });
    const load = await new NumberedLoad(new ApiClient(appliance), { stream: `killed-${process.pid}` }).open();
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 8; n += 1) await load.send(300);
      const last = load.send(300);
      await pause(40 * round);
      await appliance.kill();
      await last;
      await appliance.restart();
    }
    expect(load.acked).toBeGreaterThan(3_000);
    expect(await load.differences()).toBe('');
  });

  it('names a table that somebody gave a TTL on the server', async () => {
    appliance = await startAppliance({ env });
    const api = new ApiClient(appliance);
    const stream = `ttl-${process.pid}`;
    await api.createStream(stream, 'log');
    await api.send(stream, Buffer.from('{"message":"kept"}\n'), { prefer: 'wait=30' });
    const altered = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-clickhouse-user': server.user, 'x-clickhouse-key': server.password() },
      body: `ALTER TABLE tenant_default.\`stream.${stream}\` MODIFY TTL toDateTime(timestamp) + toIntervalDay(9000)`,
    });
    expect(altered.status).toBe(200);
    const { table_ttls: ttls } = await askJson('/api/v1/retention/status');
    expect(ttls).toEqual([{ stream, ttl: 'TTL toDateTime(timestamp) + toIntervalDay(9000)' }]);
  });

  it('refuses an engine that does not have the events of its data directory', async () => {
    appliance = await startAppliance({ env });
    await expect(appliance.restart({ CLICKHOUSE_URL: '' })).rejects.toThrow(
      /ended with code 1[^]*set CLICKHOUSE_URL to it again/,
    );
    await appliance.dispose();
    appliance = await startAppliance();
    await expect(appliance.restart(env)).rejects.toThrow(/ended with code 1[^]*unset CLICKHOUSE_URL/);
  });

  it('says in readiness what is wrong with its password, and takes events all the same', async () => {
    appliance = await startAppliance({ env: { ...env, CLICKHOUSE_PASSWORD: 'another' } });
    const api = new ApiClient(appliance);
    expect((await api.send('default', Buffer.from('{"message":"kept"}\n'))).status).toBe(202);
    expect(await searchReport()).toMatchObject({
      status: 'degraded',
      error: expect.stringContaining('CLICKHOUSE_PASSWORD'),
    });
    expect((await ask('/metrics')).bytes.toString()).toContain('alluvium_tier_up{tier="clickhouse"} 0');
    expect(appliance.output()).toContain('CLICKHOUSE_PASSWORD');
    expect(appliance.output()).not.toContain('"another"');
    await appliance.restart(env);
    await expect
      .poll(async () => (await askJson('/api/v1/logs', { ...RANGE, query: 'kept' })).total, {
        timeout: 30_000,
      })
      .toBe(1);
  });
});

// A server that runs elsewhere isn't ours to kill: tools/engines/topology.mjs says so.
describe.each(server.engine ? [server.engine] : [])(
  'a ClickHouse server that is killed in a load',
  (engine) => {
    it('costs no acknowledged event, shows in readiness, and is taken up again by itself', async () => {
      appliance = await startAppliance({ env });
      const load = await new NumberedLoad(new ApiClient(appliance), {
        stream: `server-${process.pid}`,
      }).open();
      for (let round = 0; round < 3; round += 1) {
        for (let n = 0; n < 6; n += 1) await load.send(300);
        await pause(60 * round);
        await engine.end('SIGKILL');
        expect((await load.send(300)).status).toBe(202);
        await expect.poll(searchReport, { timeout: 15_000 }).toMatchObject({
          status: 'degraded',
          error: expect.stringContaining('CLICKHOUSE_URL'),
        });
        await engine.start();
        await expect.poll(searchReport, { timeout: 30_000 }).toEqual({ status: 'up' });
      }
      expect(await load.differences()).toBe('');
    });

    it('need not be there when the appliance starts', async () => {
      await engine.end('SIGKILL');
      appliance = await startAppliance({ env });
      const load = new NumberedLoad(new ApiClient(appliance), { stream: 'default' });
      expect((await load.send(100)).status).toBe(202);
      await engine.start();
      expect(await load.differences()).toBe('');
    });
  },
);
