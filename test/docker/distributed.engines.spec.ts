import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSecrets } from '../../apps/cli/commands/containers/secrets.js';
import { pause } from '../support/appliance-process.js';
import { freePort } from '../support/free-port.js';
import { DistributedAppliance } from './distributed-appliance.js';
import { metricsOf, readBoard } from './named-metrics.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let appliance: DistributedAppliance;
beforeAll(async () => {
  appliance = await DistributedAppliance.start();
}, 240_000);
afterAll(() => appliance?.stop(), 60_000);

const isRoot = process.getuid?.() === 0;

describe('what sets up the services of the compose file', () => {
  it('gives each its own secrets, for its user alone, and the same again', async () => {
    const owner = async (path: string) => {
      const { uid, mode } = await stat(appliance.place('handed', path));
      return [isRoot ? uid : -1, (mode & 0o7777).toString(8)];
    };
    const user = (uid: number): number => (isRoot ? uid : -1);
    await appliance.handOut();
    expect(await owner('mongodb/set_key')).toEqual([user(999), '400']);
    expect(await owner('clickhouse/users.xml')).toEqual([user(101), '400']);
    expect(await owner('grafana/admin_password')).toEqual([user(472), '400']);
    expect(await owner('alluvium/admin_key')).toEqual([user(1000), '400']);
    expect(await owner('alluvium')).toEqual([user(1000), '500']);
    expect(await owner('prometheus')).toEqual([user(1000), '2750']);
    const password = (await readFile(appliance.place('secrets/clickhouse_password'), 'utf8')).trim();
    expect(await readFile(appliance.place('handed/clickhouse/users.xml'), 'utf8')).not.toContain(password);
  });

  it('says which secret is missing or was not made by init, and what to do', async () => {
    const failing = (from: string): Promise<unknown> =>
      appliance.setUp('hand-out-secrets.mjs', [from, appliance.place('other')], {});
    await expect(failing(appliance.place('nowhere'))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('alluvium init --edition distributed'),
    });
    const bad = appliance.place('bad');
    await mkdir(bad);
    await makeSecrets(bad);
    await writeFile(join(bad, 'redis_password'), 'x\nrequirepass ""');
    await expect(failing(bad)).rejects.toMatchObject({
      stderr: expect.stringContaining('The secret redis_password is not one of `alluvium init`'),
    });
  });

  it('finds users and bucket where they are, sets a new password, and tells of a wrong one of the admin', async () => {
    expect(await appliance.setUp('make-bucket.mjs', [], appliance.environmentOf('bucket'))).toBe(
      'The bucket archives is there.\n',
    );
    expect(await appliance.setUp('make-mongodb-users.mjs', [], appliance.mongodbEnvironment())).toContain(
      'has its users',
    );
    const wrong = appliance.place('wrong');
    await writeFile(wrong, 'another');
    const failed = appliance.setUp('make-mongodb-users.mjs', [], {
      ...appliance.mongodbEnvironment(),
      MONGODB_ADMIN_PASSWORD_FILE: wrong,
    });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('put the secret mongodb_admin_password back'),
    });
    await expect(
      appliance.setUp('make-bucket.mjs', [], {
        ...appliance.environmentOf('bucket'),
        S3_SECRET_ACCESS_KEY_FILE: wrong,
      }),
    ).rejects.toMatchObject({
      stderr: expect.stringMatching(
        /The bucket archives could not be made at http.*: the key alluvium is not let in/,
      ),
    });
  });

  it('makes a key that may read metrics and nothing else, and leaves it while it is let in', async () => {
    const file = appliance.place('handed/prometheus/metrics.key');
    const env = { ...appliance.environmentOf('metrics-key'), ALLUVIUM_URL: appliance.process('api-1').url };
    await appliance.setUp('make-metrics-key.mjs', [file], env);
    const made = await readFile(file, 'utf8');
    expect(((await stat(file)).mode & 0o777).toString(8)).toBe('440');
    await appliance.setUp('make-metrics-key.mjs', [file], env);
    expect(await readFile(file, 'utf8')).toBe(made);
    const asked = (path: string) =>
      fetch(`${appliance.proxied}${path}`, { headers: { authorization: `Bearer ${made}` } }).then(
        ({ status }) => status,
      );
    expect([await asked('/metrics'), await asked('/api/v1/keys')]).toEqual([200, 403]);
    await writeFile(`${file}.old`, 'alv_aaaaaaaa_'.padEnd(60, 'x'));
    await appliance.setUp('make-metrics-key.mjs', [`${file}.old`], env);
    expect(await readFile(`${file}.old`, 'utf8')).toMatch(/^alv_/);
  });
});

describe('the processes of the compose file, with its settings', () => {
  it('take events by the proxy and find them, also when one api was killed', async () => {
    const sent = await appliance.ask('/api/v1/events', [
      { message: 'distributed' },
      { message: 'distributed' },
    ]);
    expect(sent).toMatchObject({ status: 200, body: { stored: 2 } });
    for (const name of ['api-1', 'api-2'])
      expect(
        await appliance.ask('/api/v1/logs', { search: 'distributed' }, appliance.process(name).url),
      ).toMatchObject({
        body: { total: 2 },
      });
    const { port } = new URL(appliance.process('api-2').url);
    await appliance.process('api-2').kill();
    const statuses = [];
    for (let nth = 0; nth < 20; nth++)
      statuses.push((await appliance.ask('/api/v1/logs', { search: 'distributed' })).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    await appliance.process('api-2').restart({ ALLUVIUM_HTTP_PORT: port });
  });

  it('run another worker beside the first, which is ready and stores too', async () => {
    const other = await appliance.prepare('worker-2', 'worker');
    const port = String(await freePort());
    await other.restart({ ALLUVIUM_HTTP_PORT: port });
    const check = (...args: string[]) =>
      run(process.execPath, [join(ROOT, 'docker/healthcheck.mjs'), ...args], {
        env: { ALLUVIUM_HTTP_PORT: port },
      }).then(
        () => 0,
        ({ code }: { code: number }) => code,
      );
    await expect.poll(() => other.output(), { timeout: 60_000 }).toContain('stores events beside it');
    await expect.poll(async () => [await check('live'), await check()], { timeout: 60_000 }).toEqual([0, 0]);
    await other.stop();
  });

  it('keep archives in the bucket, and find what is only there', async () => {
    const day = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-02T00:00:00Z' };
    await appliance.ask('/api/v1/streams', { name: 'web' });
    const paid = { message: 'paid', timestamp: '2025-06-01T12:00:00Z' };
    expect(await appliance.ask('/api/v1/streams/web/events', [paid])).toMatchObject({ body: { stored: 1 } });
    const policies = { 'stream:web': { keep: 'search 7d -> archive forever' } };
    const { body: plan } = await appliance.ask('/api/v1/retention/plan', { policies, streams: ['web'] });
    expect(await appliance.ask('/api/v1/retention/apply', { plan: plan['id'] })).toMatchObject({
      status: 202,
    });
    const ended = async () =>
      (await appliance.ask(`/api/v1/retention/runs/${String(plan['id'])}`)).body['state'];
    await expect.poll(ended, { timeout: 60_000, interval: 200 }).toBe('done');
    expect(await appliance.objects()).toEqual(
      expect.arrayContaining([expect.stringMatching(/year=2025\/month=06\/day=01\/.*\.parquet$/)]),
    );
    // Each api hears within 5 s that the archive answers for the day; no count is short meanwhile.
    const found = async () => {
      const { body } = await appliance.ask('/api/v1/logs', { stream: 'web', ...day });
      expect(body).toMatchObject({ total: 1 });
      return (body['stats'] as { readonly archives?: { readonly units: number } }).archives?.units;
    };
    await expect.poll(found, { timeout: 10_000 }).toBe(1);
  });

  it('lose nothing of what docker/verify.sh sends by the proxy, while members are killed', async () => {
    const program = join(ROOT, 'test/docker/load-running.ts');
    const loader = pathToFileURL(join(ROOT, 'test/support/typescript-loader.mjs')).href;
    const { adminKey } = appliance.process('api-1');
    const env = { ...process.env, ALLUVIUM_URL: appliance.proxied, ALLUVIUM_KEY: adminKey };
    const load = run(process.execPath, ['--conditions=source', '--import', loader, program, '15'], {
      env,
      cwd: ROOT,
    });
    for (const name of ['worker', 'api-2']) {
      await pause(2_000);
      // At the address that the proxy knows.
      const { port } = new URL(appliance.process(name).url);
      await appliance.process(name).kill();
      await appliance.process(name).restart({ ALLUVIUM_HTTP_PORT: port });
    }
    expect((await load).stdout).toMatch(/[1-9]\d* events acknowledged\.\nEach of them is found once\.\n$/);
  }, 300_000);

  it('export every metric that the board names', async () => {
    const texts = await Promise.all(
      ['api-1', 'worker', 'scheduler'].map((name) =>
        fetch(`${appliance.process(name).url}/metrics`).then((answer) => answer.text()),
      ),
    );
    const exported = new Set(
      texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)),
    );
    expect(
      metricsOf(await readBoard()).filter((name) => !exported.has(name.replace(/_bucket$/, ''))),
    ).toEqual([]);
  });
});
