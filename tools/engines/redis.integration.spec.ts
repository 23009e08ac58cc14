import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { redis } from './redis.mjs';
import { startEngine, type RunningEngine } from './start-engine.mjs';

/** What the server answers to commands, up to its end of the connection. */
async function ask({ variables }: RunningEngine, ...commands: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(String(variables['REDIS_URL'])).port), '127.0.0.1');
  const login = `AUTH ${variables['REDIS_PASSWORD']}`;
  socket.write([login, ...commands, 'QUIT', ''].join('\r\n'));
  return Buffer.concat(await socket.toArray()).toString();
}

it('a Redis of a test run wants a password, takes further configuration, and keeps its data over kill -9', async () => {
  const engine = await startEngine(redis, { password: 'p', conf: ['maxmemory-policy allkeys-lru'] });
  try {
    expect(engine.version).toMatch(/^\d+\.\d+/);
    expect(await ask(engine, 'SET kept 7', 'CONFIG GET maxmemory-policy')).toContain('allkeys-lru');
    await engine.end('SIGKILL');
    await expect(ask(engine, 'GET kept')).rejects.toThrow('ECONNREFUSED');
    await engine.start();
    expect(await ask(engine, 'GET kept')).toContain('$1\r\n7\r\n');
    const stranger = { ...engine, variables: { ...engine.variables, REDIS_PASSWORD: 'another' } };
    expect(await ask(stranger, 'GET kept')).toMatch(/WRONGPASS[^]*NOAUTH/);
  } finally {
    await engine.stop();
  }
});

it('a Redis of a test run ends when the run is killed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'alluvium-redis-'));
  const program = `
    import { redis } from './tools/engines/redis.mjs';
    import { startEngine } from './tools/engines/start-engine.mjs';
    const { variables } = await startEngine(redis, { directory: process.argv[1] });
    console.log(variables.REDIS_URL);
    setInterval(() => undefined, 1_000);`;
  const args = ['--input-type=module', '-e', program, directory];
  const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const port = Number(new URL(line.toString()).port);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  parent.kill('SIGKILL');
  await once(
    socket.on('error', () => undefined),
    'close',
  );
  await rm(directory, { recursive: true, force: true });
});
