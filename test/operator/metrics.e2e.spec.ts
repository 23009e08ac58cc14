import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

let appliance: Appliance;
let promtool: string;
beforeAll(async () => {
  const install = join(import.meta.dirname, '../../tools/install-promtool.sh');
  promtool = (await promisify(execFile)(install)).stdout.trim();
  appliance = await startAppliance();
}, 300_000);
afterAll(() => appliance.dispose());

/** What Prometheus' own checker says of metrics; nothing where all is well. */
async function check(metrics: string): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(promtool, ['check', 'metrics']);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  child.stdin.end(metrics);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

it('/metrics is clean for promtool when every kind of request was made', async () => {
  const client = new ApiClient(appliance);
  await client.send('default', Buffer.from('{"message":"one"}\nnot json\n'), { prefer: 'wait=10' });
  await client.logs({ search: 'one' });
  await client.receipt('nonsense');
  const metrics = await client.metrics();
  expect(metrics).toContain('alluvium_ingest_ack_seconds_count 1');
  expect(await check(metrics)).toEqual({ code: 0, text: '' });
});

it('would be found out if they were not', async () => {
  const wrong = '# TYPE wrong_total gauge\nwrong_total 1\n';
  expect(await check(wrong)).toMatchObject({ text: expect.stringContaining('wrong_total') });
});
