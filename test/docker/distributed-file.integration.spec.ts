import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SECRET_NAMES } from '../../apps/cli/commands/containers/secrets.js';
import { VERSION as KAFKA_VERSION } from '../../tools/engines/kafka-jars.mjs';
import { VERSION as MONGOD_VERSION } from '../../tools/engines/mongod-binary.mjs';
import { VERSION as S3_VERSION } from '../../tools/engines/versitygw.mjs';
import { readCompose, type ComposeFile, type ComposeService } from './compose-file.js';
import { readBoard } from './named-metrics.js';

const ROOT = join(import.meta.dirname, '../..');
const DOCKER = join(ROOT, 'docker');
const run = promisify(execFile);

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'alluvium-compose-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const tool = async (name: string, ...which: string[]): Promise<string> =>
  (await run(join(ROOT, 'tools', name), which)).stdout.trim().split('\n').at(-1) ?? '';

const NO_ENGINE =
  /^(proxy|api-\d|worker|scheduler|prometheus|grafana|secrets|metrics-key|mongodb-(config|shard-\d)-set|mongodb-users)$/;

/** What an edition has of its own. */
const EDITIONS = [
  { edition: 'distributed', secrets: './secrets', verified: ['compose.verify.yml'], engines: 6 },
  {
    ...{ edition: 'cluster', secrets: './secrets/cluster', engines: 24 },
    verified: ['compose.verify.yml', 'compose.verify-cluster.yml'],
  },
] as const;

describe.each(EDITIONS)(
  'the compose file of the edition $edition',
  ({ edition, secrets, verified, engines }) => {
    const name = `compose.${edition}.yml`;
    let file: ComposeFile;
    let services: readonly (readonly [string, ComposeService])[];
    beforeAll(async () => {
      file = await readCompose(name);
      services = Object.entries(file.services);
    });

    it('is read by the library of Docker Compose, which would find it out', async () => {
      const check = await tool('install-compose-check.sh');
      await run(check, [join(DOCKER, name)]);
      await run(check, [join(DOCKER, name), ...verified.map((each) => join(DOCKER, each))]);
      const text = await readFile(join(DOCKER, name), 'utf8');
      const bad = join(scratch, 'compose.yml');
      await writeFile(bad, text.replace('$$CLUSTER_ID', '${CLUSTER_ID'));
      await expect(run(check, [bad])).rejects.toMatchObject({
        stderr: expect.stringContaining('invalid interpolation format'),
      });
    }, 600_000);

    it('leaves each container nothing that it does not need', () => {
      for (const [name, service] of services) {
        expect([name, service]).toEqual([
          name,
          expect.objectContaining({
            read_only: true,
            cap_drop: ['ALL'],
            security_opt: ['no-new-privileges:true'],
            mem_limit: expect.any(String),
            pids_limit: expect.any(Number),
            cpus: expect.any(Number),
            logging: expect.anything(),
          }),
        ]);
        expect(service).not.toHaveProperty('privileged');
        const capable = service['cap_add'] as readonly string[] | undefined;
        expect([name, capable ?? []]).toEqual([
          name,
          name === 'secrets' ? ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID'] : [],
        ]);
        expect([name, service['user']]).not.toEqual([name, name === 'secrets' ? undefined : '0:0']);
      }
    });

    it('publishes the proxy, Prometheus and Grafana on this machine alone, and no engine', () => {
      const published = services.flatMap(([, { ports = [] }]) => ports);
      expect(published).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:9090:9090', '127.0.0.1:3000:3000']);
      const inside = services.filter(([each]) => !NO_ENGINE.test(each));
      expect(inside).toHaveLength(engines);
      for (const [each, { networks }] of inside) expect([each, networks]).toEqual([each, ['engines']]);
      expect(file.networks).toMatchObject({ engines: { internal: true } });
    });

    it('has the versions of engines that the tests have', () => {
      const image = (start: string): string => {
        const images = services.flatMap(([each, service]) =>
          each.startsWith(start) && service.image !== 'alluvium:latest' ? [service.image] : [],
        );
        expect(new Set(images).size).toBe(1);
        return images[0] ?? '';
      };
      const series = (version: string): string => version.split('.').slice(0, 2).join('.');
      expect(image('kafka')).toBe(`apache/kafka:${KAFKA_VERSION}`);
      expect(image('s3')).toBe(`versity/versitygw:v${S3_VERSION}`);
      expect(series(image('mongo'))).toBe(`mongo:${series(MONGOD_VERSION)}`);
      expect(image('redis')).toMatch(/^redis:7\./);
      for (const [, { image: each }] of services) expect(each).toMatch(/^alluvium:latest$|:v?\d+\.\d+/);
    });

    it('starts each service when those that it needs are healthy, or done', () => {
      for (const [name, { depends_on: needs = {} }] of services)
        for (const [needed, { condition }] of Object.entries(needs)) {
          const service = file.services[needed] as ComposeService;
          const ends = String(service['restart']).startsWith('on-failure');
          expect([name, needed, condition]).toEqual([
            name,
            needed,
            ends ? 'service_completed_successfully' : 'service_healthy',
          ]);
          // That of the appliance is in its image.
          if (!ends && service.image !== 'alluvium:latest')
            expect(service['healthcheck']).toHaveProperty('test');
        }
    });

    it('keeps secrets in files: those of init, read by one service, which hands them out', () => {
      expect(Object.keys(file.secrets ?? {}).toSorted()).toEqual(SECRET_NAMES);
      for (const name of SECRET_NAMES) expect(file.secrets?.[name]).toEqual({ file: `${secrets}/${name}` });
      for (const [name, service] of services)
        expect([name, service['secrets']]).toEqual([name, name === 'secrets' ? SECRET_NAMES : undefined]);
      const named = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
      const secret = named.filter((name) => /PASSWORD|SECRET|KEY/.test(name) && name !== 'S3_ACCESS_KEY_ID');
      expect(secret.filter((name) => !name.endsWith('_FILE'))).toEqual([]);
      const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
      const handed = mounts.filter((each) => each.includes(':/handed/')).map((each) => each.split(':')[0]);
      const read = mounts
        .filter((each) => each.endsWith(':/run/secrets:ro'))
        .map((each) => each.split(':')[0]);
      expect(new Set(read)).toEqual(new Set(handed.filter((each) => each !== 's3')));
    });
  },
);

describe('what it gives its services', () => {
  it('is fit for the proxy, as HAProxy says', async () => {
    const text = await readFile(join(DOCKER, 'proxy/haproxy.cfg'), 'utf8');
    const config = join(scratch, 'haproxy.cfg');
    await writeFile(config, text.replace(/api-([12]):8080/g, '127.0.0.1:1808$1'));
    await run(await tool('install-from-debian.sh', 'haproxy'), ['-c', '-f', config]);
  }, 300_000);

  it('is fit for Prometheus, as promtool says', async () => {
    const text = await readFile(join(DOCKER, 'prometheus/prometheus.yml'), 'utf8');
    await writeFile(join(scratch, 'metrics.key'), 'x');
    await writeFile(join(scratch, 'alerts.yml'), await readFile(join(DOCKER, 'prometheus/alerts.yml')));
    const config = join(scratch, 'prometheus.yml');
    await writeFile(config, text.replace('/run/secrets/metrics.key', 'metrics.key'));
    await run(await tool('install-promtool.sh'), ['check', 'config', config]);
  }, 300_000);

  it('is fit for Grafana: expressions that are some, of the one data source, panels that do not overlap', async () => {
    const { panels } = await readBoard();
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(shown.length).toBeGreaterThan(10);
    const rules = shown.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const groups = [{ name: 'board', rules: rules.map((expr, nth) => ({ record: `board:${nth}`, expr })) }];
    await writeFile(join(scratch, 'board.yml'), JSON.stringify({ groups }));
    await run(await tool('install-promtool.sh'), ['check', 'rules', join(scratch, 'board.yml')]);
    const taken = new Set<string>();
    for (const { gridPos: at, title } of panels)
      for (let x = at.x; x < at.x + at.w; x++)
        for (let y = at.y; y < at.y + at.h; y++) {
          expect([title, taken.has(`${x} ${y}`), x < 24]).toEqual([title, false, true]);
          taken.add(`${x} ${y}`);
        }
    const sources = await readFile(join(DOCKER, 'grafana/provisioning/datasources/prometheus.yml'), 'utf8');
    for (const { datasource } of shown) expect(sources).toContain(`uid: ${datasource?.uid}`);
  }, 300_000);
});
