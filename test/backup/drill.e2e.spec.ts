import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NumberedLoad } from '../faults/numbered-load.js';
import { ApiClient } from '../support/api-client.js';
import { runCommandLine } from '../support/command-line.js';
import { Appliance, startAppliance } from '../support/start-appliance.js';

/** An encrypted backup's; of no use elsewhere. */
const KEY = 'c0ffee00'.repeat(8);
const SENDERS = 2;
const EVENTS = 50;

let folder = '';
let appliance: Appliance;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-drill-'));
  env = { ALLUVIUM_BACKUP_DIR: join(folder, 'backups'), ALLUVIUM_BACKUP_KEY: KEY };
  appliance = await startAppliance({ env });
});
afterAll(async () => {
  await appliance.dispose();
  await rm(folder, { recursive: true, force: true });
});

interface Backup {
  readonly id: string;
  readonly bytes: number;
  readonly new_bytes: number;
  /** Requests that were answered before it began. */
  readonly answered: number;
}

async function call(at: Pick<Appliance, 'url' | 'adminKey'>, method: string, path: string, body?: object) {
  const answer = await fetch(`${at.url}/api/v1/${path}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${at.adminKey}`, prefer: 'wait=20' },
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function command(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommandLine(args, { server: appliance, env });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function backUp(load: NumberedLoad): Promise<Backup> {
  const { answered } = load;
  const stdout = await command('backup', '--json', env['ALLUVIUM_BACKUP_DIR'] ?? '');
  return { ...(JSON.parse(stdout) as Omit<Backup, 'answered'>), answered };
}

/** Starts what a backup gives, elsewhere, and looks for everything that it owes. */
async function drill(load: NumberedLoad, { id, answered }: Backup, apiKey: string): Promise<void> {
  const dataDirectory = join(folder, id);
  await command('restore', env['ALLUVIUM_BACKUP_DIR'] ?? '', dataDirectory, '--backup', id);
  const restored = await Appliance.prepare({ dataDirectory });
  try {
    await restored.restart();
    expect(restored.adminKey).toBe(appliance.adminKey);
    expect(await load.restoredAt(new ApiClient(restored), answered).differences()).toBe('');
    const policies = await call({ url: restored.url, adminKey: apiKey }, 'GET', 'retention/policies');
    expect(policies.body['policies']).toMatchObject([{ name: 'tenant', keep: 'search 90d -> delete' }]);
    expect((await call(restored, 'GET', 'audit/verify')).body).toMatchObject({ whole: true });
    expect((await call(restored, 'GET', 'quarantine')).body).toMatchObject({ total: 1 });
  } finally {
    await restored.stop();
  }
}

it('what was acknowledged before a backup under load began is found exactly once where it is restored', async () => {
  const { body: made } = await call(appliance, 'POST', 'keys', { name: 'ops', scopes: ['retention:read'] });
  await call(appliance, 'PUT', 'retention/policies/tenant', { keep: 'search 90d -> delete' });
  await call(appliance, 'POST', 'streams', { name: 'typed', event_type: 'service-log' });
  const refused = [{ message: 'refused', status: 'none', duration_ms: 'long' }];
  expect((await call(appliance, 'POST', 'streams/typed/events', refused)).body).toMatchObject({
    quarantined: 1,
  });
  const load = await new NumberedLoad(new ApiClient(appliance), { stream: 'drill', padding: 200 }).open();
  let isOver = false;
  const sending = Array.from({ length: SENDERS }, async () => {
    while (!isOver) await load.send(EVENTS);
  });
  const backups: Backup[] = [];
  try {
    await load.sendUntil(() => load.answered > 20, EVENTS, 100);
    backups.push(await backUp(load));
    backups.push(await backUp(load));
  } finally {
    isOver = true;
    await Promise.all(sending);
  }
  const [first, second] = backups as [Backup, Backup];
  expect(load.answered).toBeGreaterThan(second.answered);
  expect(second.answered).toBeGreaterThan(first.answered);
  expect(second.new_bytes).toBeLessThan(second.bytes);
  await appliance.kill();
  expect(await command('backup', 'verify', env['ALLUVIUM_BACKUP_DIR'] ?? '')).toContain('is whole');
  for (const backup of [second, first]) await drill(load, backup, String(made['key']));
  expect(await readdir(join(appliance.dataDirectory, 'tiers/tier-clickhouse'))).not.toContain(
    'backup-copies',
  );
}, 120_000);
