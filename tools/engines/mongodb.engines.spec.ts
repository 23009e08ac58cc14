import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkSum } from './mongod-binary.mjs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-mongodb-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a MongoDB of a test run ends when the run is killed', async () => {
  const program = `
    import { mongodb } from './tools/engines/mongodb.mjs';
    import { startEngine } from './tools/engines/start-engine.mjs';
    const { ports } = await startEngine(mongodb, { directory: process.argv[1] });
    console.log(ports[0]);
    setInterval(() => undefined, 1_000);`;
  const args = ['--input-type=module', '-e', program, join(folder, 'left')];
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const socket = connect(Number(line.toString()), '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(
    socket.on('error', () => undefined),
    'close',
  );
  parent.kill('SIGKILL');
  await closed;
});

it('a binary that is not the pinned one is refused', async () => {
  await writeFile(join(folder, 'mongod'), 'x');
  await expect(checkSum(join(folder, 'mongod'), '0'.repeat(64))).rejects.toThrow(
    /mongod has the sum .* is pinned/,
  );
});
