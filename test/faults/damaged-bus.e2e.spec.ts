import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';

const BLOCKS = 6;
const EVENTS = 10;
/** An event in the middle of the third block. */
const DAMAGED = 25;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

/** A bit flips in the log while the process is down and blocks wait in it (F4). */
it('sets a damaged block aside and counts it, and stores all the others', async () => {
  // Nothing is stored before the kill: every block waits on the bus.
  appliance = await startAppliance({ env: { ALLUVIUM_FLUSH_INTERVAL_MS: '60000' } });
  const api = new ApiClient(appliance);
  const load = await new NumberedLoad(api, { stream: 'damaged' }).open();
  for (let i = 0; i < BLOCKS; i++) await load.send(EVENTS);
  await appliance.kill();
  expect(load.acked).toBe(BLOCKS * EVENTS);

  const bus = join(appliance.dataDirectory, 'bus');
  expect(await flipIn(join(bus, 'data.mdb'), `"number ${DAMAGED}"`)).toBeGreaterThan(0);
  await appliance.restart({ ALLUVIUM_FLUSH_INTERVAL_MS: '200' });

  const differences = await load.differences(EVENTS);
  expect(differences).toBe(
    [
      `0 of ${EVENTS} from 20 on are there, which was acked`,
      `the ledger says received ${BLOCKS * EVENTS}, found ${(BLOCKS - 1) * EVENTS}`,
    ].join('\n'),
  );
  expect(await corruptBlocks(appliance)).toEqual({ status: 'degraded', corrupt_blocks: 1 });
  const [file, ...more] = await readdir(join(bus, 'corrupt'));
  expect(more).toEqual([]);
  expect(await readFile(join(bus, 'corrupt', String(file)), 'utf8')).toContain('"number 24"');
  expect((await load.send(1)).status).toBe(202);
});

/** Changes a byte wherever the text stands in the file; returns how often that was. */
async function flipIn(path: string, text: string): Promise<number> {
  const bytes = await readFile(path);
  let flips = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1), flips++)
    bytes.writeUInt8(bytes.readUInt8(at + 1) ^ 0x01, at + 1);
  await writeFile(path, bytes);
  return flips;
}

async function corruptBlocks({ url, adminKey }: Appliance): Promise<unknown> {
  const answer = await fetch(`${url}/health/ready`, { headers: { authorization: `Bearer ${adminKey}` } });
  const { details } = (await answer.json()) as {
    details: { bus: { status: string; corrupt_blocks: number } };
  };
  return { status: details.bus.status, corrupt_blocks: details.bus.corrupt_blocks };
}
