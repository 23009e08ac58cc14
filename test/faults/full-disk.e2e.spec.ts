import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';
import { SmallDisk } from './small-disk.js';

const MIB = 2 ** 20;
const RESERVE = 48 * MIB;
const EVENTS = 500;
const MANY = 400;

/** The data directory lies on a real file system of a few MiB (F2). */
describe('a full disk', () => {
  let disk: SmallDisk;
  let appliance: Appliance | undefined;
  afterEach(async () => {
    await appliance?.dispose();
    await disk.unmount();
  });

  /** Starts on a small disk; what lies on it is reached by its outside path, the process has its inside path. */
  async function startLoad(settings: Record<string, string>): Promise<NumberedLoad> {
    disk = await SmallDisk.mount(192);
    const dataDirectory = join(disk.outside, 'data');
    await mkdir(dataDirectory);
    const env = {
      ALLUVIUM_DATA_DIR: join(disk.path, 'data'),
      ALLUVIUM_DISK_RESERVE_PERCENT: '0',
      ...settings,
    };
    appliance = await startAppliance({ command: disk.command, dataDirectory, env });
    return new NumberedLoad(new ApiClient(appliance), { stream: 'full', padding: 1_000 }).open();
  }

  const readiness = async (): Promise<number> => (await fetch(`${appliance?.url}/health/ready`)).status;

  it('refuses at its reserve, before anything fails, and takes events again when there is space', async () => {
    const load = await startLoad({ ALLUVIUM_DISK_RESERVE_BYTES: String(RESERVE) });
    await load.send(EVENTS);
    await disk.fill(RESERVE - MIB);

    const refusal = await load.sendUntil(({ status }) => status !== 202, EVENTS, MANY);
    expect(refusal).toMatchObject({ status: 503, code: 'disk_reserve' });
    expect(Number(refusal.retryAfter)).toBeGreaterThan(0);
    expect(await readiness()).toBe(503);

    await disk.relieve();
    await load.sendUntil(({ status }) => status === 202, EVENTS, MANY);
    await expect.poll(readiness, { timeout: 10_000 }).toBe(200);
    expect(await load.differences()).toBe('');
    expect(new Set(load.answers.map(({ code }) => code))).toEqual(new Set([undefined, 'disk_reserve']));
  });

  it('without a reserve, refuses what the bus has no room for, keeps what the engine could not write, and goes on', async () => {
    const load = await startLoad({ ALLUVIUM_DISK_RESERVE_BYTES: '0' });
    await load.send(EVENTS);
    await disk.fill(6 * MIB);

    const refusal = await load.sendUntil(({ code }) => code === 'bus_full', EVENTS, MANY);
    expect(refusal).toMatchObject({ status: 503, code: 'bus_full' });
    expect(Number(refusal.retryAfter)).toBeGreaterThan(0);

    await expect.poll(() => appliance?.output(), { timeout: 10_000 }).toContain('NOT_ENOUGH_SPACE');

    await disk.relieve();
    await load.sendUntil(({ status }) => status === 202, EVENTS, MANY);
    expect(await load.differences()).toBe('');
    expect(appliance?.isRunning).toBe(true);
  });
});
