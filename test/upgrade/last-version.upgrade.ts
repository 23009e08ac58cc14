import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Oracle } from '../oracle/oracle.js';
import { UpgradedSystem } from './upgraded-system.js';

let folder = '';
let system: UpgradedSystem | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-upgrade-'));
});
afterEach(async () => {
  await system?.dispose();
  await rm(folder, { recursive: true, force: true });
});

it('what the last version acknowledged before a kill -9 is found exactly once by this one, with what came since', async () => {
  // The first start and two rounds are the last version's; this one begins with its backlog.
  system = await UpgradedSystem.prepare(3);
  const faults = [400, 1_200, 600, 1_000].map((afterMs) => ({ kind: 'kill', afterMs }) as const);
  const oracle = new Oracle(system, {
    plan: { run: 'upgrade', seed: 5, baseMs: Date.now() },
    ...{ faults, connections: 4, verifyEvery: faults.length, eventsPerRound: 8_000 },
    ...{ obligationsPath: join(folder, 'obligations.ndjson'), log: () => undefined },
  });
  await oracle.run();
  expect(oracle.violations.describe()).toBe('');
  expect(oracle.tally.acknowledged).toBeGreaterThan(0);
});

/** Everything that an admin sets up; each answers 2xx. */
const SET_UP: readonly (readonly [method: string, path: string, body: object])[] = [
  ['POST', 'tenants', { name: 'globex' }],
  [
    'POST',
    'event-types',
    {
      ...{ name: 'order', title: 'Order', description: 'An order.' },
      fields: [{ name: 'state', type: 'keyword', description: 'How far it is.' }],
    },
  ],
  ['POST', 'streams', { name: 'orders', event_type: 'order' }],
  ['POST', 'streams', { name: 'web', event_type: 'service-log' }],
  [
    'PUT',
    'parsers/shop',
    { kind: 'regex', options: { patterns: ['^(?P<level>\\w+) (?P<message>.*)$'] }, samples: ['INFO sold'] },
  ],
  ['PUT', 'rules/health', { when: { contains: ['/health'] }, action: { drop: { policy: 'noise' } } }],
  ['PUT', 'redactions/cards', { action: 'mask', detectors: ['card'] }],
  ['PUT', 'retention/policies/stream:web', { keep: 'search 1y -> delete' }],
  ['POST', 'holds', { reason: 'case 7', stream: 'orders' }],
  ['PATCH', 'settings', { flush_bytes: '2MiB' }],
  ['POST', 'streams/orders/events', [{ state: 'paid', message: 'one' }, { state: 'open' }]],
  ['POST', 'streams/web/events', [{ message: 'card 4111 1111 1111 1111', status: 500, path: '/a' }]],
  ['POST', 'streams/web/events', [{ message: 'GET /health', path: '/health' }]],
  ['POST', 'streams/web/events', [{ message: 'wrong', status: 'none', duration_ms: 'long' }]],
];

/** What must be the same before and after; times of answers and versions of the program are none of it. */
const SEEN: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', 'tenants'],
  ['GET', 'keys'],
  ['GET', 'event-types/order'],
  ['GET', 'streams'],
  ['GET', 'parsers/shop/versions'],
  ['GET', 'rules'],
  ['GET', 'redactions'],
  ['GET', 'retention/policies'],
  ['GET', 'holds'],
  ['POST', 'logs', { stream: 'orders', ...pastDay(), limit: 100 }],
  ['POST', 'logs', { stream: 'web', ...pastDay(), limit: 100 }],
  ['POST', 'logs/aggregate', { stream: 'web', ...pastDay(), group_by: ['level'] }],
  ['GET', 'quarantine/counts'],
  ['GET', 'quarantine'],
  ['GET', 'ledger'],
];

function pastDay(): { readonly start_time: string; readonly end_time: string } {
  const now = Date.now();
  return {
    start_time: new Date(now - 86_400_000).toISOString(),
    end_time: new Date(now + 3_600_000).toISOString(),
  };
}

async function ask(
  { url, adminKey }: UpgradedSystem,
  ...[method, path, body]: [method: string, path: string, body?: object]
): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      prefer: 'wait=20',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Without what is counted since the start only, how long a question took, what a rule did; and what a version adds. */
function withoutFigures(path: string, body: unknown): unknown {
  const figures = { rules: 'counts', 'retention/policies': 'tiers' }[path] ?? 'stats';
  return JSON.parse(JSON.stringify(body, (key, value: unknown) => (key === figures ? undefined : value)));
}

async function seenBy(asked: UpgradedSystem): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  for (const [method, path, body] of SEEN) {
    const answer = await ask(asked, method, path, body);
    expect([path, answer.status, answer.body]).toEqual([path, 200, expect.anything()]);
    seen.push([path, withoutFigures(path, answer.body)]);
  }
  return seen;
}

it('everything that was set up, stored and refused is as the last version had it, and the record is whole', async () => {
  system = await UpgradedSystem.prepare();
  await system.restart();
  for (const [method, path, body] of SET_UP) {
    const answer = await ask(system, method, path, body);
    expect([path, answer.body, answer.status < 300]).toEqual([path, expect.anything(), true]);
  }
  const before = await seenBy(system);
  await system.upgrade();
  expect(await seenBy(system)).toEqual(before);
  expect((await ask(system, 'GET', 'audit/verify')).body).toMatchObject({ whole: true });
  const more = await ask(system, 'POST', 'streams/orders/events', [{ state: 'sent' }]);
  expect(more.body).toMatchObject({ stored: 1 });
});
