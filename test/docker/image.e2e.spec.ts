import { execFile, spawnSync } from 'node:child_process';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { environmentOf, execForm } from './dockerfile.js';
import { buildImage, type BuiltImage } from './image-steps.js';

const USER = 1000;
const run = promisify(execFile);
/** Only root can be somebody else. */
const asUser =
  process.getuid?.() === 0
    ? [
        'setpriv',
        `--reuid=${USER}`,
        `--regid=${USER}`,
        '--clear-groups',
        '--no-new-privs',
        '--bounding-set=-all',
      ]
    : [];

let image: BuiltImage;
let appliance: Appliance;

beforeAll(async () => {
  image = await buildImage();
  await mkdir(image.place('/tmp'), { mode: 0o777 });
  if (asUser.length > 0) await chown(image.place('/tmp'), USER, USER);
  const [launcher = '', ...rest] = execForm(image.appliance, 'ENTRYPOINT');
  appliance = await startAppliance({
    // WORKDIR: another user may not read the tests' own, and without one the engine doesn't open.
    command: [
      ...['env', `--chdir=${image.place('/app')}`],
      ...asUser,
      image.place(launcher),
      ...rest,
      ...execForm(image.appliance, 'CMD'),
    ],
    dataDirectory: image.place('/data'),
    // The address is the image's own, of which only loopback can be used here.
    env: {
      ...imageEnvironment(),
      ALLUVIUM_HTTP_HOST: '127.0.0.1',
      TMPDIR: image.place('/tmp'),
      HOME: '/nonexistent',
    },
  });
}, 400_000);
afterAll(async () => {
  await appliance?.kill();
  await rm(image.folder, { recursive: true, force: true });
}, 60_000);

function imageEnvironment(): Record<string, string> {
  const all = Object.entries(environmentOf(image.appliance));
  return Object.fromEntries(
    all.map(([name, value]) => [name, value === '/data' ? image.place(value) : value]),
  );
}

/** Exit code of the image's health check, asked of this address. */
function healthCheck(url: string): number | null {
  const [command = '', ...args] = execForm(image.appliance, 'HEALTHCHECK').map((word) =>
    word.startsWith('/') ? image.place(word) : word,
  );
  const env = {
    PATH: process.env['PATH'] ?? '',
    ALLUVIUM_HTTP_PORT: new URL(url).port,
    ALLUVIUM_HTTP_HOST: '0.0.0.0',
  };
  return spawnSync(command, args, { env }).status;
}

describe('what the steps of the Dockerfile make', () => {
  it('has no tests, no compiler and no source', async () => {
    const list = async (...names: string[]) => {
      const wanted = names.flatMap((name, at) => [...(at > 0 ? ['-o'] : []), '-name', name]);
      const { stdout } = await run('find', [
        image.place('/app'),
        '(',
        ...wanted,
        ')',
        '-not',
        '-path',
        '*/node_modules/*/*/*',
      ]);
      return stdout.split('\n').filter((line) => line !== '');
    };
    expect(await list('typescript', 'vitest', 'prettier', 'oxlint')).toEqual([]);
    const dist = join(image.place('/app'), 'dist');
    const { stdout } = await run('find', [dist, '-name', '*.spec.*', '-o', '-name', 'testing']);
    // With these `alluvium plugin check` holds an author's plugin to its contract.
    expect(stdout.trim()).toBe(join(dist, 'libs/plugin-kit/testing'));
  });

  it('runs as another user who can change nothing of the program', async () => {
    const { stdout } = await run('stat', ['--format=%u', `/proc/${appliance.pid}`]);
    expect(stdout.trim()).toBe(String(asUser.length > 0 ? USER : process.getuid?.()));
    if (asUser.length === 0) return;
    const [command = '', ...args] = [
      ...asUser,
      'find',
      image.place('/app'),
      '-not',
      '-type',
      'l',
      '-writable',
    ];
    expect((await run(command, args, { maxBuffer: 2 ** 26 })).stdout).toBe('');
  });

  it('takes an event and finds it', async () => {
    const client = new ApiClient(appliance);
    const sent = await client.send('default', Buffer.from('{"message":"in a container"}\n'), {
      prefer: 'wait=10',
    });
    expect(sent).toMatchObject({ status: 200, body: { accepted: 1, stored: 1 } });
    const { body } = await client.logs({ search: 'container' });
    expect(body.total).toBe(1);
  });

  it('is healthy by its own check until it has ended, in order, at SIGTERM', async () => {
    const { url } = appliance;
    expect(healthCheck(url)).toBe(0);
    expect(await appliance.stop()).toEqual({ code: 0, signal: null });
    expect(healthCheck(url)).toBe(1);
  });
});
