import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../exit-codes.js';
import {
  cleanEdition,
  initEdition,
  showLogs,
  showStatus,
  startEdition,
  stopEdition,
} from './containers.run.js';
import { findEdition, type EditionName, type EditionPlace } from './editions.js';
import { SECRET_NAMES } from './secrets.js';

/** What stands for docker: writes down how it was called, and answers as the test says. */
const FAKE_DOCKER = `#!/bin/sh
echo "$*" >> "$FAKE_DOCKER_CALLS"
case "$*" in
  'compose version --short') echo "$FAKE_COMPOSE"; exit "\${FAKE_COMPOSE_CODE:-0}" ;;
  'version --format {{.Server.Version}}') echo "$FAKE_DAEMON" >&2; exit "\${FAKE_DAEMON_CODE:-0}" ;;
  *) exit "\${FAKE_CODE:-0}" ;;
esac
`;

let folder: string;
let printed: string;
const path = process.env['PATH'] ?? '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-containers-'));
  for (const name of ['compose.yml', 'compose.distributed.yml', 'compose.cluster.yml'])
    await writeFile(join(folder, name), '');
  await writeFile(join(folder, 'docker'), FAKE_DOCKER);
  await chmod(join(folder, 'docker'), 0o755);
  vi.stubEnv('PATH', [folder, path].join(delimiter));
  vi.stubEnv('FAKE_DOCKER_CALLS', join(folder, 'calls'));
  vi.stubEnv('FAKE_COMPOSE', '2.40.3');
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => (printed += String(text)) !== '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const place = (name: EditionName): EditionPlace => findEdition(name, folder);

/** An edition that has secrets. */
const secretly = (name: EditionName): EditionPlace & { readonly secrets: string } => {
  const found = place(name);
  return { ...found, secrets: String(found.secrets) };
};

/** How docker was called, besides the looks whether it is fit. */
async function calls(): Promise<readonly string[]> {
  const lines = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
  return lines.filter((line) => line.startsWith('compose --file')).map((line) => line.replace(folder, ''));
}

describe('init', () => {
  it('makes the secrets of the distributed edition for their owner alone, prints none, and keeps them', async () => {
    const distributed = secretly('distributed');
    await initEdition(distributed);
    expect((await readdir(distributed.secrets)).toSorted()).toEqual(SECRET_NAMES);
    expect((await stat(distributed.secrets)).mode & 0o777).toBe(0o700);
    const read = () =>
      Promise.all(SECRET_NAMES.map((name) => readFile(join(distributed.secrets, name), 'utf8')));
    const made = await read();
    for (const [nth, name] of SECRET_NAMES.entries()) {
      expect((await stat(join(distributed.secrets, name))).mode & 0o777).toBe(0o600);
      expect(made[nth]?.trim()).toMatch(
        name === 'admin_key' ? /^alv_[a-z0-9]{8}_[0-9a-f]{48}$/ : /^[0-9a-f]{48,}$/,
      );
      expect(printed).not.toContain(made[nth]?.trim());
      expect(printed).toContain(name);
    }
    expect(new Set(made).size).toBe(made.length);
    await rm(join(distributed.secrets, 'redis_password'));
    await initEdition(distributed);
    const again = await read();
    const kept = SECRET_NAMES.filter((_, nth) => again[nth] === made[nth]);
    expect(kept).toEqual(SECRET_NAMES.filter((name) => name !== 'redis_password'));
  });

  it('makes nothing for one process', async () => {
    await initEdition(place('single'));
    expect(printed).toContain('its first start makes an admin key');
    expect(await readdir(folder)).not.toContain('secrets');
  });
});

describe('with a fake docker', () => {
  it.each<[string, () => Promise<void>, string]>([
    [
      'up starts',
      () => startEdition(place('single'), {}),
      'compose --file /compose.yml up --detach --build --remove-orphans',
    ],
    ['down stops', () => stopEdition(place('single')), 'compose --file /compose.yml down --remove-orphans'],
    ['status asks', () => showStatus(place('single')), 'compose --file /compose.yml ps --all'],
    [
      'logs follows',
      () => showLogs(place('distributed'), { follow: true, tail: 10, services: ['worker', 'kafka'] }),
      'compose --file /compose.distributed.yml logs --follow --tail 10 -- worker kafka',
    ],
    [
      'clean removes',
      () => cleanEdition(place('single'), { yes: true }),
      'compose --file /compose.yml down --volumes --remove-orphans',
    ],
  ])('%s what the compose file has', async (_, act, expected) => {
    await act();
    expect(await calls()).toEqual([expected]);
  });

  it('up of the distributed edition wants secrets first, then scales', async () => {
    await expect(startEdition(place('distributed'), {})).rejects.toMatchObject({
      message: expect.stringContaining('mongodb_set_key'),
      mend: expect.stringContaining('alluvium init --edition distributed'),
    });
    await initEdition(place('distributed'));
    await startEdition(place('distributed'), { scale: ['worker=4'] });
    expect(await calls()).toEqual([
      'compose --file /compose.distributed.yml up --detach --build --remove-orphans --scale worker=4',
    ]);
    expect(printed).toContain('docker/secrets/admin_key');
  });

  it('clean takes the secrets too, and leaves files of others', async () => {
    const distributed = secretly('distributed');
    await initEdition(distributed);
    await cleanEdition(distributed, { yes: true });
    expect(await readdir(folder)).not.toContain('secrets');
    await initEdition(distributed);
    await writeFile(join(distributed.secrets, 'mine'), '');
    await cleanEdition(distributed, { yes: true });
    expect(await readdir(distributed.secrets)).toEqual(['mine']);
  });

  it('the edition cluster has secrets of its own, which clean of another one leaves', async () => {
    const [distributed, cluster] = [secretly('distributed'), secretly('cluster')];
    await expect(startEdition(cluster, {})).rejects.toMatchObject({
      mend: expect.stringContaining('alluvium init --edition cluster'),
    });
    await initEdition(distributed);
    await initEdition(cluster);
    expect((await readdir(cluster.secrets)).toSorted()).toEqual(SECRET_NAMES);
    await startEdition(cluster, { scale: ['worker=4'] });
    expect(await calls()).toEqual([
      'compose --file /compose.cluster.yml up --detach --build --remove-orphans --scale worker=4',
    ]);
    expect(printed).toContain('docker/secrets/cluster/admin_key');
    await cleanEdition(distributed, { yes: true });
    expect((await readdir(cluster.secrets)).toSorted()).toEqual(SECRET_NAMES);
    await initEdition(distributed);
    await cleanEdition(cluster, { yes: true });
    expect((await readdir(distributed.secrets)).toSorted()).toEqual(SECRET_NAMES);
  });

  it('clean removes nothing without a terminal to ask at', async () => {
    await expect(cleanEdition(place('single'), {})).rejects.toMatchObject({
      exit: EXIT.usage,
      mend: 'Say --yes.',
    });
    expect(await calls()).toEqual([]);
  });

  it.each([
    ['no', 0],
    ['', 0],
    ['yes', 1],
  ])('clean asks, and after the answer %j calls docker %i times', async (answer, times) => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true });
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(terminal as never);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    terminal.write(`${answer}\n`);
    const cleaned = cleanEdition(place('single'), {});
    if (times === 0) await expect(cleaned).rejects.toMatchObject({ message: 'Nothing was removed.' });
    await cleaned.catch(() => undefined);
    expect(await calls()).toHaveLength(times);
  });

  it('what fails in compose ends with 1', async () => {
    vi.stubEnv('FAKE_CODE', '17');
    await expect(stopEdition(place('single'))).rejects.toMatchObject({
      exit: EXIT.failed,
      message: 'docker compose down ended with 17.',
    });
  });

  it('what Ctrl-C ends is no error', async () => {
    vi.stubEnv('FAKE_CODE', '130');
    await showLogs(place('single'), { follow: true, services: [] });
    expect(process.exitCode).toBe(130);
    process.exitCode = undefined;
  });

  it.each([
    ['has no compose', { FAKE_COMPOSE_CODE: '1' }, 'docker has no command compose.', /docker-compose-plugin/],
    ['is too old', { FAKE_COMPOSE: '2.17.3' }, 'Docker Compose 2.17.3 is too old.', /2\.20 or newer/],
    ['is of no version', { FAKE_COMPOSE: '' }, 'Docker Compose of an unknown version is too old.', /2\.20/],
    [
      'has no daemon',
      { FAKE_DAEMON: 'Cannot connect to the Docker daemon', FAKE_DAEMON_CODE: '1' },
      'The daemon of Docker does not answer.',
      /systemctl start docker/,
    ],
    [
      'does not let the user in',
      { FAKE_DAEMON: 'permission denied while trying to connect', FAKE_DAEMON_CODE: '1' },
      'This user may not speak to the daemon of Docker.',
      /group docker/,
    ],
  ])('that %s: says so and what to do', async (_, env, message, mend) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    await expect(startEdition(place('single'), {})).rejects.toMatchObject({
      exit: EXIT.failed,
      message,
      mend: expect.stringMatching(mend),
    });
    expect(await calls()).toEqual([]);
  });

  it.each(['v2.20.0', '5.1.0', '2.39.1-desktop.1'])('of version %s is new enough', async (version) => {
    vi.stubEnv('FAKE_COMPOSE', version);
    await showStatus(place('single'));
  });
});

describe('without docker', () => {
  it('says that it is not there', async () => {
    await rm(join(folder, 'docker'));
    vi.stubEnv('PATH', folder);
    await expect(showStatus(place('single'))).rejects.toMatchObject({
      exit: EXIT.failed,
      message: 'docker is not there, or may not be run.',
      mend: expect.stringContaining('Install Docker Engine'),
    });
  });

  it('and outside of a checkout says where the compose file was looked for', async () => {
    await rm(join(folder, 'compose.yml'));
    expect(() => place('single')).toThrow(`The compose file ${join(folder, 'compose.yml')} is not there.`);
  });
});
