import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';

const MINUTE_MS = 60_000;
const EVENTS = 10;
const TABLE = 'tenant_default.`stream.tampered`';

let appliance: Appliance;
let api: ApiClient;
let load: NumberedLoad;
beforeEach(async () => {
  appliance = await startAppliance();
  api = new ApiClient(appliance);
  load = await new NumberedLoad(api, { stream: 'tampered' }).open();
});
afterEach(() => appliance.dispose());

async function storeThreeBlocks(): Promise<void> {
  for (let i = 0; i < 3; i++) expect((await load.send(EVENTS, { prefer: 'wait=10' })).status).toBe(200);
  expect(await load.settledLedger()).toMatchObject({ received: 3 * EVENTS, stored: 3 * EVENTS, residue: 0 });
}

/** Takes rows out of the stream's table behind the appliance's back. */
async function removeByHand(condition: string): Promise<void> {
  expect(await appliance.stop()).toEqual({ code: 0, signal: null });
  const statement = `DELETE FROM ${TABLE} WHERE ${condition} SETTINGS lightweight_deletes_sync = 2`;
  const directory = join(appliance.dataDirectory, 'tiers/tier-clickhouse/chdb');
  await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'edit-tables.mjs'),
    directory,
    statement,
  ]);
  await appliance.restart();
}

async function residue(): Promise<number> {
  return (await api.ledger()).body.residue;
}

it('shows a row that somebody deleted as a residue of 1 within a minute', async () => {
  await storeThreeBlocks();
  await removeByHand(`message = 'number 7'`);
  await expect.poll(residue, { timeout: MINUTE_MS, interval: 500 }).toBe(1);
});

it('shows a block that somebody deleted as a residue of its rows within a minute', async () => {
  await storeThreeBlocks();
  await removeByHand(`block IN (SELECT block FROM ${TABLE} WHERE message = 'number 17')`);
  await expect.poll(residue, { timeout: MINUTE_MS, interval: 500 }).toBe(EVENTS);
});
