import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad, type LoadAnswer } from './numbered-load.js';
import { SmallDisk } from './small-disk.js';

const MIB = 2 ** 20;
const RESERVE = 48 * MIB;
const EVENTS = 500;
const MANY = 400;
/** No share of the disk refuses anything. */
const NEVER = { ALLUVIUM_DISK_REFUSE_NORMAL_AT: '100' };

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
    disk = await SmallDisk.mount(256);
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

  /** Load for a stream of its own, which has a policy of this class. */
  async function loadOfClass(name: 'low' | 'critical'): Promise<NumberedLoad> {
    const api = new ApiClient(appliance as Appliance);
    const load = await new NumberedLoad(api, { stream: name, padding: 1_000 }).open();
    const policy = { keep: 'search 30d -> delete', class: name };
    expect((await api.putRetentionPolicy(`stream:${name}`, policy)).status).toBe(200);
    return load;
  }

  const sizesOf = async () => ({ freeBytes: await disk.freeBytes(), totalBytes: 256 * MIB });
  const isRefused = ({ status }: LoadAnswer): boolean => status !== 202;
  function expectRefusal({ retryAfter, ...answer }: LoadAnswer, status: number, code: string): void {
    expect(answer).toMatchObject({ status, code });
    expect(Number(retryAfter)).toBeGreaterThan(0);
  }

  const readiness = async (): Promise<number> => (await fetch(`${appliance?.url}/health/ready`)).status;

  it('refuses at its reserve, what matters least before, and takes events again when there is space', async () => {
    const normal = await startLoad({
      ALLUVIUM_DISK_RESERVE_BYTES: String(RESERVE),
      ...{
        ALLUVIUM_DISK_WARN_AT: '60',
        ALLUVIUM_DISK_REFUSE_LOW_AT: '60',
        ALLUVIUM_DISK_REFUSE_NORMAL_AT: '70',
      },
    });
    const low = await loadOfClass('low');
    const critical = await loadOfClass('critical');
    const loads = [low, normal, critical];
    const send = () => Promise.all(loads.map((load) => load.send(EVENTS)));
    await send();

    const { freeBytes, totalBytes } = await sizesOf();
    expect(freeBytes).toBeGreaterThan(totalBytes * 0.42);
    await disk.fill(totalBytes * 0.36);
    expectRefusal(await low.sendUntil(isRefused, EVENTS, MANY), 429, 'disk_filling');
    expect((await send()).map(({ status }) => status)).toEqual([429, 202, 202]);

    await disk.fill(totalBytes * 0.26);
    expectRefusal(await normal.sendUntil(isRefused, EVENTS, MANY), 429, 'disk_filling');
    expect((await send()).map(({ status }) => status)).toEqual([429, 429, 202]);

    await disk.fill(RESERVE - MIB);
    expectRefusal(await critical.sendUntil(isRefused, EVENTS, MANY), 503, 'disk_reserve');
    expect((await send()).map(({ status }) => status)).toEqual([503, 503, 503]);
    // The disk is looked at once a second; a request's own bytes are counted at once.
    await expect.poll(readiness, { timeout: 10_000 }).toBe(503);

    await disk.relieve();
    for (const load of loads) await load.sendUntil(({ status }) => status === 202, EVENTS, MANY);
    await expect.poll(readiness, { timeout: 10_000 }).toBe(200);
    for (const load of loads) expect(await load.differences()).toBe('');
    const codes = new Set(loads.flatMap(({ answers }) => answers.map(({ code }) => code)));
    expect(codes).toEqual(new Set([undefined, 'disk_filling', 'disk_reserve']));
  });

  it('without a reserve, refuses what the bus has no room for, keeps what the engine could not write, and goes on', async () => {
    const load = await startLoad({ ALLUVIUM_DISK_RESERVE_BYTES: '0', ...NEVER });
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
