import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

/** A change is in force by then: milliseconds. */
const IN_FORCE_MS = 5_000;

let appliance: Appliance;
beforeAll(async () => {
  appliance = await startAppliance({ env: { ALLUVIUM_LOG_LEVEL: 'fatal' } });
});
afterAll(() => appliance.dispose());

async function call(method: string, path: string, body?: object): Promise<Response> {
  const headers = { authorization: `Bearer ${appliance.adminKey}`, 'content-type': 'application/json' };
  return fetch(`${appliance.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

interface Shown {
  readonly version: number;
  readonly settings: readonly { readonly name: string; readonly value: unknown; readonly source: string }[];
  readonly changes: readonly { readonly key_name: string; readonly patch: unknown }[];
}

async function setting(name: string): Promise<Shown['settings'][number] | undefined> {
  const shown = (await (await call('GET', '/api/v1/settings')).json()) as Shown;
  return shown.settings.find((row) => row.name === name);
}

/** Resolves when the process has logged the text since `from`; rejects when the time is over. */
async function logged(text: string, from: number): Promise<void> {
  const deadline = Date.now() + IN_FORCE_MS;
  while (!appliance.output().slice(from).includes(text)) {
    if (Date.now() > deadline) throw new Error(`not logged: ${text}`);
    await call('GET', '/health/ready');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('is changed while running, in force within five seconds', async () => {
  const quiet = appliance.output().length;
  await call('PATCH', '/api/v1/settings', { flush_interval_ms: 250 });
  expect(appliance.output().slice(quiet)).toBe('');
  await call('PATCH', '/api/v1/settings', { log_level: 'info' });
  await call('PATCH', '/api/v1/settings', { flush_interval_ms: 200 });
  await logged('settings were changed', quiet);
  await call('PATCH', '/api/v1/settings', { log_level: 'fatal' });
  const silent = appliance.output().length;
  await call('PATCH', '/api/v1/settings', { flush_interval_ms: 250 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(appliance.output().slice(silent)).toBe('');
});

it('is kept over a restart, with who changed it', async () => {
  await call('PATCH', '/api/v1/settings', { log_level: 'warn' });
  await appliance.restart();
  expect(await setting('log_level')).toMatchObject({ value: 'warn', source: 'api' });
  const shown = (await (await call('GET', '/api/v1/settings')).json()) as Shown;
  expect(shown.changes[0]).toMatchObject({ key_name: 'admin', patch: { log_level: 'warn' } });
});
