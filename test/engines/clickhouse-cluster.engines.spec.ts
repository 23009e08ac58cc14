import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startTestCluster } from '../../plugins/tier-clickhouse/testing/test-cluster.js';
import { NumberedLoad } from '../faults/numbered-load.js';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const RANGE = { start_time: 'now-1d', end_time: 'now+1d' };
const cluster = await startTestCluster();
const env = {
  CLICKHOUSE_URL: cluster.urls.join(','),
  CLICKHOUSE_CLUSTER: cluster.name,
  CLICKHOUSE_USER: cluster.user,
  CLICKHOUSE_PASSWORD: cluster.password(),
};
let appliance: Appliance;
afterEach(() => appliance.dispose());
afterAll(() => cluster.stop());

async function askJson(path: string, query: Readonly<Record<string, string>> = {}) {
  const headers = { authorization: `Bearer ${appliance.adminKey}` };
  const answer = await fetch(`${appliance.url}${path}?${new URLSearchParams(query)}`, { headers });
  return JSON.parse(await answer.text());
}

async function countAll(range: object) {
  const headers = { authorization: `Bearer ${appliance.adminKey}`, 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify(range) };
  return JSON.parse(await (await fetch(`${appliance.url}/api/v1/logs/aggregate`, request)).text());
}

const searchReport = async () => (await askJson('/health/ready')).details.search;

/** What a server answers by itself. */
async function askShard(url: string, statement: string): Promise<string> {
  const headers = { 'x-clickhouse-user': cluster.user, 'x-clickhouse-key': cluster.password() };
  const answer = await fetch(url, { method: 'POST', headers, body: statement });
  return (await answer.text()).trim();
}

describe('the appliance on two shards', () => {
  it('keeps each acknowledged event once when shards, and then itself, are killed in a load', async () => {
    appliance = await startAppliance({ env });
    const stream = 'killed';
    const load = await new NumberedLoad(new ApiClient(appliance), { stream }).open();
    for (const [n, engine] of cluster.engines.entries()) {
      for (let round = 0; round < 12; round += 1) await load.send(100, { prefer: 'wait=5' });
      await engine.end('SIGKILL');
      for (let round = 0; round < 4; round += 1) expect((await load.send(100)).status).toBe(202);
      await expect.poll(searchReport, { timeout: 30_000 }).toMatchObject({
        status: 'degraded',
        error: expect.stringContaining(String(cluster.urls[n])),
      });
      await engine.start();
      await expect.poll(searchReport, { timeout: 30_000 }).toEqual({ status: 'up' });
    }
    const last = load.send(300);
    await appliance.kill();
    await last;
    await appliance.restart();
    expect(await load.differences()).toBe('');

    const all = { ...RANGE, stream };
    const { total } = await askJson('/api/v1/logs', { ...all, limit: '1' });
    expect((await countAll(all)).buckets).toEqual([{ group: {}, metrics: { count: total } }]);
    const count = `SELECT count() FROM tenant_default.\`stream.${stream}\``;
    const shares = await Promise.all(cluster.urls.map(async (url) => Number(await askShard(url, count))));
    expect(shares.every((share) => share > 0)).toBe(true);
    const everywhere = 'SELECT count() FROM tenant_default.events_distributed';
    for (const url of cluster.urls)
      expect(Number(await askShard(url, everywhere))).toBe(shares.reduce((sum, share) => sum + share, 0));
  });

  it('answers questions of other tools as the guide writes them, on each server', async () => {
    appliance = await startAppliance({ env });
    const api = new ApiClient(appliance);
    await api.createStream('logins', 'login');
    const [today, before] = [Date.now() - 60_000, Date.now() - 3 * 86_400_000];
    // A request each is a batch each, so both shards have some.
    for (let n = 0; n < 12; n += 1) {
      const events = [today, before].map((ms) => ({
        timestamp: new Date(ms).toISOString(),
        user_id: `u${n % (ms === today ? 4 : 3)}`,
      }));
      const body = Buffer.from(`${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
      const { body: receipt } = await api.send('logins', body, { prefer: 'wait=30' });
      expect(receipt).toMatchObject({ stored: 2 });
    }
    const guide = await readFile('docs/guide/clickhouse-server.md', 'utf8');
    const [hours, users, types] = [...guide.matchAll(/```sql\n(SELECT[^`]*(?:`[^`\n]+`[^`]*)*?);\n```/g)].map(
      ([, statement = '']) => statement,
    );
    const hour = `${new Date(today).toISOString().slice(0, 13).replace('T', ' ')}:00:00`;
    const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    for (const url of cluster.urls) {
      expect(await askShard(url, String(hours))).toContain(`login\t${hour}\t12`);
      expect(await askShard(url, String(users))).toBe(`${dayOf(before)}\t3\n${dayOf(today)}\t4`);
      expect(await askShard(url, String(types))).toContain('login\t24');
    }
  });

  it('says in readiness which setting is wrong, and does not take a shard for all', async () => {
    appliance = await startAppliance({ env: { ...env, CLICKHOUSE_CLUSTER: 'other' } });
    expect(await searchReport()).toMatchObject({
      status: 'degraded',
      error: expect.stringContaining('set CLICKHOUSE_CLUSTER to one of its remote_servers'),
    });
    const [one = ''] = cluster.urls;
    await appliance.restart({ ...env, CLICKHOUSE_URL: one });
    expect((await searchReport()).error).toContain('CLICKHOUSE_URL names 1 of the 2 shards');
    await appliance.restart({ ...env, CLICKHOUSE_URL: one, CLICKHOUSE_CLUSTER: '' });
    expect((await searchReport()).error).toContain('has one shard of the events of a cluster');
  });
});
