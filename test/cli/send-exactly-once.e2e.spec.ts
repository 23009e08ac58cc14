import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../support/appliance-process.js';
import { runCommandLine, startCommand, type CommandOptions } from '../support/command-line.js';
import { freePort } from '../support/free-port.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { numberedLines, storedNumbers } from './stored-numbers.js';

const EVENTS = 200_000;
const WHOLE = { events: EVENTS, numbers: EVENTS };
/** Twice what a small backlog takes at once; the sender waits by the clock for room. */
const BUSY_EVENTS = 50_000;

const folder = mkdtempSync(join(tmpdir(), 'alluvium-send-'));
const file = join(folder, 'events.ndjson');
const busyFile = join(folder, 'busy.ndjson');
let appliance: Appliance;
let options: CommandOptions;

beforeAll(() => {
  writeFileSync(file, numberedLines(EVENTS));
  writeFileSync(busyFile, numberedLines(BUSY_EVENTS));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => appliance.dispose());

/** An appliance at an address that stays, and a folder for what the sender remembers. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
  appliance = await startAppliance({ env: { ALLUVIUM_HTTP_PORT: String(await freePort()), ...env } });
  options = { server: appliance, env: { XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) } };
}

/** Requests that the sender has noted as acknowledged. */
function acknowledged(): number {
  const journals = join(String(options.env?.['XDG_STATE_HOME']), 'alluvium/send');
  try {
    const [name = ''] = readdirSync(journals);
    return readFileSync(join(journals, name), 'utf8').split('"ack"').length - 1;
  } catch {
    return 0;
  }
}

async function untilAcknowledged(count: number): Promise<void> {
  while (acknowledged() < count) await pause(2);
}

describe('a file of many events is stored once, whole', () => {
  it('when its sender is killed three times', async () => {
    await start();
    for (const count of [2, 6, 11]) {
      const sender = startCommand(['send', file, '--stream', 'killed'], options);
      await untilAcknowledged(count);
      sender.child.kill('SIGKILL');
      expect((await sender.ended).signal).toBe('SIGKILL');
    }
    const { code, stdout, stderr } = await runCommandLine(
      ['send', file, '--stream', 'killed', '--wait'],
      options,
    );
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/going on; [1-9][\d,]* events of it were sent before/),
    ]);
    expect(stdout).toMatch(/200,000 stored\n/);
    expect(await storedNumbers(appliance, 'killed')).toEqual(WHOLE);
  });

  it('when its server is killed and started again in the middle', async () => {
    await start();
    const sender = startCommand(['send', file, '--stream', 'restarted', '--json'], { ...options, input: '' });
    await untilAcknowledged(3);
    await appliance.restart();
    const { code, stdout, stderr } = await sender.ended;
    expect([code, stderr]).toEqual([0, expect.stringContaining('Trying again')]);
    expect(JSON.parse(stdout)).toMatchObject({ accepted: EVENTS, retries: expect.any(Number) });
    expect(await storedNumbers(appliance, 'restarted')).toEqual(WHOLE);
  });

  it('when its server is too busy again and again', async () => {
    await start({
      ALLUVIUM_BACKLOG_BYTES: '4MiB',
      ALLUVIUM_FLUSH_BYTES: '4MiB',
      ALLUVIUM_ADMISSION_WAIT_MS: '0',
    });
    const { code, stdout } = await runCommandLine(
      ['send', busyFile, '--stream', 'busy', '--json', '--connections', '8'],
      options,
    );
    const summary = JSON.parse(stdout) as { readonly retries: number };
    expect([code, summary.retries > 0]).toEqual([0, true]);
    expect(await storedNumbers(appliance, 'busy')).toEqual({ events: BUSY_EVENTS, numbers: BUSY_EVENTS });
  });

  it('when Ctrl-C interrupts it, which says how to go on', async () => {
    await start();
    const sender = startCommand(['send', file, '--stream', 'stopped'], options);
    await untilAcknowledged(3);
    sender.child.kill('SIGINT');
    expect(await sender.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('The same command goes on'),
    });
    expect((await runCommandLine(['send', file, '--stream', 'stopped'], options)).code).toBe(0);
    expect(await storedNumbers(appliance, 'stopped')).toEqual(WHOLE);
  });
});
