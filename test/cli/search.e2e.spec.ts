import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import {
  runCommandLine,
  startCommand,
  type CommandOutcome,
  type RunningCommand,
} from '../support/command-line.js';
import { freePort } from '../support/free-port.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const EVIL = 'evil \u001b]0;owned\u0007\u001b[2J\u009b31m\r\n\u202egpj';
const EVENTS = [
  { level: 'error', service: 'web', message: 'first', status: 500 },
  { level: 'warn', service: 'db', message: 'second', region: 'a:b' },
  { level: EVIL, service: EVIL, message: EVIL, [EVIL]: EVIL },
];
/** Anything that a terminal acts upon, but ends of lines and tabs. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

let appliance: Appliance;

beforeAll(async () => {
  appliance = await startAppliance({ env: { ALLUVIUM_HTTP_PORT: String(await freePort()) } });
  await send('default', EVENTS);
});
afterAll(() => appliance.dispose());

async function send(stream: string, events: readonly object[]): Promise<void> {
  const body = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const { status } = await new ApiClient(appliance).send(stream, body, { prefer: 'wait=30' });
  expect(status).toBe(200);
}

function search(...args: string[]): Promise<CommandOutcome> {
  return runCommandLine(['search', ...args], { server: appliance });
}

async function untilPrinted({ stdout }: RunningCommand, text: string): Promise<void> {
  while (!stdout().includes(text)) await pause(20);
}

describe('search', () => {
  it('finds by the query language, levels, services and filters', async () => {
    expect((await search('status:[400', 'TO', '599]')).stdout).toMatch(
      /^\S+Z {2}error {2}web {2}first {2}status=500\n$/,
    );
    expect((await search('--level', 'warning', '--columns', 'service,message')).stdout).toBe('db\tsecond\n');
    expect((await search('--filter', 'region:a:b', '--columns', 'message')).stdout).toBe('second\n');
    const both = await search('--service', 'web', '--service', 'db', '--sort', 'asc', '--columns', 'message');
    expect(both.stdout).toBe('first\nsecond\n');
    expect((await search('--from', 'now-1h', '--to', 'now-30m')).stdout).toBe('');
  });

  it('never hands a terminal what acts upon it', async () => {
    for (const args of [[], ['--json'], ['--columns', `message,level,${EVIL}`]]) {
      const { code, stdout } = await search('evil', ...args);
      expect([code, stdout.split('\n').length]).toEqual([0, 2]);
      expect(stdout).not.toMatch(CONTROL);
      expect(stdout).toContain(args.includes('--json') ? '\\u001b[2J' : '\\x1b[2J');
    }
  });

  it('prints JSON a line, over as many pages as it takes', async () => {
    await send(
      'many',
      Array.from({ length: 2_500 }, (_, n) => ({ message: 'm', n })),
    );
    const { stdout } = await search('--stream', 'many', '--limit', '2400', '--json');
    const numbers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { attributes: { n: number } }).attributes.n);
    expect(new Set(numbers).size).toBe(2_400);
  });

  it('ends when its reader has enough', async () => {
    const command = startCommand(['search', '--stream', 'many', '--limit', '2500', '--json'], {
      server: appliance,
      input: '',
    });
    command.child.stdout.once('data', () => command.child.stdout.destroy());
    expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [['level:('], 4, 'query_invalid'],
    [['--from', 'yesterday'], 4, 'start_time'],
    [['--filter', 'nothing'], 2, 'field:value'],
    [['--limit', '0'], 2, 'whole number from 1'],
    [['--columns', 'a,,b'], 2, 'empty name'],
    [['--follow', '--from', 'now-1h'], 2, 'does not go with --follow'],
  ])('refuses %j with %i', async (args, status, message) => {
    const { code, stderr } = await search(...args);
    expect([code, stderr]).toEqual([status, expect.stringContaining(message)]);
  });
});

describe('search --follow', () => {
  it('shows the newest, then what is stored, each once, and goes on when the server was away', async () => {
    await send('live', [{ message: 'before', level: 'error' }]);
    const command = startCommand(
      ['search', 'level:error', '--follow', '--stream', 'live', '--columns', 'message'],
      {
        server: appliance,
      },
    );
    await untilPrinted(command, 'before\n');
    await send('live', [
      { message: 'hidden', level: 'info' },
      { message: 'live 1', level: 'error' },
    ]);
    await untilPrinted(command, 'live 1\n');
    await appliance.restart();
    while (!command.stderr().includes('Following again')) await pause(50);
    await send('live', [{ message: 'live 2', level: 'error' }]);
    await untilPrinted(command, 'live 2\n');
    command.child.kill('SIGINT');
    const { stdout, stderr } = await command.ended;
    expect(stdout).toBe('before\nlive 1\nlive 2\n');
    expect(stderr).toMatch(/^The connection broke at \S+; what is stored.*\nFollowing again\.\n$/);
  });

  it('ends where the key is refused', async () => {
    const env = { ALLUVIUM_KEY: `alv_00000000_${'x'.repeat(43)}` };
    const { code, stderr } = await runCommandLine(['search', '-F'], { server: appliance, env });
    expect([code, stderr]).toEqual([4, expect.stringContaining('(unauthenticated)')]);
  });
});
