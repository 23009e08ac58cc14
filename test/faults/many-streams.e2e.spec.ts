import { afterEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';

const STREAMS = 200;
const REQUESTS = 3;
const EVENTS = 10;
const AT_ONCE = 20;
/** A key has at most 8 searches under way. */
const SEARCHED_AT_ONCE = 8;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

it('stores the events of 200 streams that send at once, none lost', async () => {
  appliance = await startAppliance();
  const api = new ApiClient(appliance);
  const names = Array.from({ length: STREAMS }, (_, n) => `stream-${n}`);
  const loads = await atOnce(names, AT_ONCE, (stream) => new NumberedLoad(api, { stream }).open());
  for (let i = 0; i < REQUESTS; i++) {
    const answers = await Promise.all(loads.map((load) => load.send(EVENTS)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  }
  const ackedMs = Date.now();
  await expect.poll(() => pendingIn(api), { timeout: 200_000, interval: 500 }).toBe(0);
  console.log(`${STREAMS} streams: all stored ${Date.now() - ackedMs} ms after the last acknowledgement`);
  const differences = await atOnce(loads, SEARCHED_AT_ONCE, (load) => load.differences());
  expect(differences.filter((text) => text !== '')).toEqual([]);
  expect((await api.ledger()).body.residue).toBe(0);
});

async function pendingIn(api: ApiClient): Promise<number> {
  return (await api.ledger()).body.rows.reduce((sum, { pending }) => sum + pending, 0);
}

/** Works on all of them, some at a time. */
async function atOnce<In, Out>(
  all: readonly In[],
  some: number,
  work: (one: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  for (let from = 0; from < all.length; from += some)
    results.push(...(await Promise.all(all.slice(from, from + some).map(work))));
  return results;
}
