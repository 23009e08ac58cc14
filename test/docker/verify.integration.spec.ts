import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECRET_NAMES } from '../../apps/cli/commands/containers/secrets.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What stands for docker: writes down its calls; a call that has FAKE_FAILS in it fails. */
const FAKE_DOCKER = `#!/bin/sh
echo "$*" >> "$FAKE_CALLS"
case "$*" in *"\${FAKE_FAILS:-nothing of this}"*) exit 1 ;; esac
case "$*" in
  *' ps --quiet '*) echo container-of-it ;;
  *' run '*engines) echo "\${FAKE_COUNTS-20 passed, 0 failed}" ;;
  *'Server.Version'*) echo 28.2.2 ;;
  *' --short') echo 2.40.3 ;;
  *' images') echo 'an image 1.2.3' ;;
esac
`;
const FAKE_CURL = `#!/bin/sh
case "$*" in *9090*) echo '{"value":[1,"1"]}' ;; *3000*) echo '{"title":"Alluvium"}' ;; esac
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-verify-'));
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'docs'));
  await cp(join(ROOT, 'docker'), join(folder, 'docker'), {
    recursive: true,
    filter: (path) => !path.startsWith(join(ROOT, 'docker/secrets')),
  });
  for (const [name, text] of [
    ['docker', FAKE_DOCKER],
    ['curl', FAKE_CURL],
    ['git', '#!/bin/sh\necho abc1234\n'],
  ] as const) {
    await writeFile(join(folder, 'bin', name), text);
    await chmod(join(folder, 'bin', name), 0o755);
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly last: string | undefined;
  readonly stderr: string;
}

async function verify(env: Record<string, string> = {}, args: readonly string[] = []): Promise<Outcome> {
  const all = {
    PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
    ...{ FAKE_CALLS: join(folder, 'calls'), VERIFY_PAUSE_SECONDS: '0', VERIFY_PATIENCE_SECONDS: '1' },
    ...env,
  };
  const told = ({ stdout, stderr }: { stdout: string; stderr: string }, code: number) => ({
    ...{ code, stderr, last: stdout.trim().split('\n').at(-1) },
  });
  return run(join(folder, 'docker/verify.sh'), [...args], { env: all }).then(
    (output) => told(output, 0),
    (error: { stdout: string; stderr: string; code: number }) => told(error, error.code),
  );
}

const calls = async (): Promise<string> => readFile(join(folder, 'calls'), 'utf8');

describe('docker/verify.sh, with a fake docker', () => {
  it('runs the suites on the engines, kills one of each service under load, and counts', async () => {
    // Engines, suites and their 20 cases, everything, ready, nine kills, the events, Prometheus, Grafana.
    expect(await verify()).toMatchObject({ code: 0, last: '36 passed, 0 failed' });
    const made = await calls();
    expect(made).toMatch(/up --detach --build kafka mongodb .*\n(?:.*\n)*.*run --rm -T verify engines\n/);
    expect(made.match(/^kill --signal KILL container-of-it$/gm)).toHaveLength(9);
    expect(made.trim().split('\n').at(-1)).toContain('down --volumes --remove-orphans');
    const page = await readFile(join(folder, 'docs/verified.md'), 'utf8');
    expect(page).toContain('commit abc1234: **36 passed, 0 failed**');
    expect(page).toContain('an image 1.2.3');
    expect(await readdir(join(folder, 'docker'))).not.toContain('secrets');
  });

  it('takes the edition cluster, one member of each engine, and keeps what it wrote of the other', async () => {
    expect(await verify()).toMatchObject({ code: 0 });
    await rm(join(folder, 'calls'));
    expect(await verify({}, ['cluster'])).toMatchObject({ code: 0, last: '38 passed, 0 failed' });
    const made = await calls();
    const files = ['docker/compose.verify.yml', 'docker/compose.verify-cluster.yml'];
    expect(made).toContain(
      `--file docker/compose.cluster.yml ${files.map((each) => `--file=${each}`).join(' ')} up --detach --build kafka-1 `,
    );
    expect(made).not.toContain('compose.distributed.yml');
    for (const victim of ['kafka-2', 'mongodb-config-2', 'mongodb-1-1', 'mongos-1', 'clickhouse-2'])
      expect(made).toMatch(new RegExp(`ps --quiet ${victim}\n`));
    await verify({}, ['cluster']);
    const page = await readFile(join(folder, 'docs/verified.md'), 'utf8');
    expect(page.match(/^#.*$/gm)).toEqual(['# What was verified', '## distributed', '## cluster']);
    expect(await readdir(join(folder, 'docker'))).not.toContain('secrets');
  });

  it('has a secret of the edition cluster for each that its compose file names', async () => {
    const secrets = join(folder, 'docker/secrets/cluster');
    await writeFile(join(folder, 'bin/curl'), `#!/bin/sh\ncp ${secrets}/* ${folder}/docs\n${FAKE_CURL}`);
    await verify({}, ['cluster']);
    const seen = (await readdir(join(folder, 'docs'))).filter((name) => name !== 'verified.md');
    expect(seen.toSorted()).toEqual(SECRET_NAMES);
  });

  it('says which editions there are', async () => {
    expect(await verify({}, ['other'])).toMatchObject({
      code: 2,
      stderr: 'docker/verify.sh [distributed|cluster]\n',
    });
  });

  it('leaves secrets that are there, and makes the others like init does', async () => {
    const secrets = join(folder, 'docker/secrets');
    await mkdir(secrets);
    await writeFile(join(secrets, 'redis_password'), 'mine');
    // What its services would see.
    await writeFile(join(folder, 'bin/curl'), `#!/bin/sh\ncp ${secrets}/* ${folder}/docs\n${FAKE_CURL}`);
    await verify();
    expect(await readdir(secrets)).toEqual(['redis_password']);
    const seen = (await readdir(join(folder, 'docs'))).filter((name) => name !== 'verified.md');
    expect(seen.toSorted()).toEqual(SECRET_NAMES);
    expect(await readFile(join(folder, 'docs/admin_key'), 'utf8')).toMatch(
      /^alv_[a-z0-9]{8}_[0-9a-f]{48}\n$/,
    );
  });

  it.each([
    ['a suite fails', { FAKE_COUNTS: '19 passed, 1 failed' }, '35 passed, 1 failed'],
    ['the suites break off', { FAKE_COUNTS: '' }, '15 passed, 1 failed'],
    ['events are missing', { FAKE_FAILS: 'verify load' }, '35 passed, 1 failed'],
    ['a container is not there to be killed', { FAKE_FAILS: 'ps --quiet redis' }, '35 passed, 1 failed'],
  ])('says so where %s', async (_, env, last) => {
    expect(await verify(env)).toMatchObject({ code: 1, last });
    expect((await calls()).trim().split('\n').at(-1)).toContain('down --volumes --remove-orphans');
  });

  it('ends where the daemon does not answer', async () => {
    expect(await verify({ FAKE_FAILS: 'Server.Version' })).toEqual({
      ...{ code: 1, last: '0 passed, 1 failed' },
      stderr: expect.stringContaining('start it, then run this again'),
    });
  });
});
