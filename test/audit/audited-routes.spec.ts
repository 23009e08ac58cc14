import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_ACTION_NAMES } from '#audit';
import { RouteTable } from '../../apps/api/guarding/route-table.js';
import { startAuditedApi } from './audited-api.js';

type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** What an entry must have besides its author. */
interface Expected {
  readonly action: string;
  readonly object: string | null;
  /** Default: the whole appliance. */
  readonly tenant?: string;
  /** Names of the changed fields. */
  readonly fields: readonly string[];
}

const CARDS = { action: 'mask', detectors: ['card'] };
const HEALTH = { when: { contains: ['health'] }, action: { drop: { policy: 'noise' } } };
const ORDER = {
  ...{ title: 'Order', description: 'An order.' },
  fields: [{ name: 'state', type: 'keyword', description: 'How far it is.' }],
};
const WEIGHT = { name: 'weight', type: 'float64', description: 'In kg.' };
const SHOP = { kind: 'regex', options: { patterns: ['^(?P<message>.*)$'] }, samples: ['canary'] };
const CHAT = { kind: 'chat', options: { url: 'https://c.example/canary', headers: { x: 'canary' } } };
const OFFICE = {
  name: 'office',
  kind: 'fake',
  options: { port: 1 },
  sources: [{ networks: ['10.0.0.0/8'], stream: 's', parser: 'auto' }],
};
const SPAN = { start_time: '2026-11-20T00:00:00Z', end_time: '2026-11-21T00:00:00Z' };
const OWNERS = { kind: 'hosts', options: { password: 'canary' }, field: 'host' };

/** Each changing route, in an order in which each finds what it needs: how it is called, and what is recorded. */
const CALLS: readonly (readonly [Method, string, object | undefined, Expected])[] = [
  [
    'POST',
    'keys',
    { name: 'ci', scopes: ['logs:read'] },
    of('key.create', 'abcd1234', ['name', 'tenant'], 'acme'),
  ],
  ['DELETE', 'keys/abcd1234', undefined, of('key.revoke', 'abcd1234', ['revoked_at'], 'acme')],
  ['POST', 'tenants', { name: 'globex' }, of('tenant.create', 'globex', ['name'])],
  ['PATCH', 'settings', { flush_bytes: '8MiB' }, of('settings.change', null, ['flush_bytes'])],
  ['POST', 'streams', { name: 'web' }, of('stream.create', 'web', ['event_type', 'keep_raw'], 'acme')],
  [
    'POST',
    'event-types',
    { name: 'order', ...ORDER },
    of('event-type.declare', 'order', ['fields.state', 'title'], 'acme'),
  ],
  [
    'PUT',
    'event-types/order',
    { ...ORDER, fields: [...ORDER.fields, WEIGHT] },
    of('event-type.change', 'order', ['fields.weight', 'version'], 'acme'),
  ],
  ['DELETE', 'event-types/order', undefined, of('event-type.delete', 'order', ['title'], 'acme')],
  [
    'PUT',
    'parsers/shop',
    SHOP,
    of('parser.declare', 'shop', ['declaration.kind', 'declaration.options.patterns']),
  ],
  ['DELETE', 'parsers/shop', undefined, of('parser.delete', 'shop', ['declaration.kind'])],
  [
    'POST',
    'parsers/shout/versions/aaaaaaaa1/activate',
    {},
    of('parser.activate', 'shout', ['id', 'version']),
  ],
  ['POST', 'parsers/shout/rollback', undefined, of('parser.roll-back', 'shout', ['id', 'version'])],
  [
    'POST',
    'parsers/shout/shadows',
    { version: 'aaaaaaaa1' },
    of('parser.shadow', 'shout/ID', ['per_mille', 'version'], 'acme'),
  ],
  ['DELETE', 'parsers/shout/shadows/ID', undefined, of('parser.shadow-end', 'shout/ID', ['version'], 'acme')],
  ['PUT', 'rules/health', HEALTH, of('rule.put', 'health', ['action.drop.policy', 'enabled'], 'acme')],
  ['PATCH', 'rules/health', { enabled: false }, of('rule.move', 'health', ['enabled'], 'acme')],
  [
    'PUT',
    'rules',
    { rules: [{ name: 'other', ...HEALTH }] },
    of('rules.replace', null, ['order', 'rules.health.enabled'], 'acme'),
  ],
  ['DELETE', 'rules/other', undefined, of('rule.delete', 'other', ['enabled'], 'acme')],
  ['PUT', 'redactions/cards', CARDS, of('redaction.put', 'cards', ['action', 'detectors'], 'acme')],
  ['DELETE', 'redactions/cards', undefined, of('redaction.delete', 'cards', ['action', 'detectors'], 'acme')],
  ['PUT', 'enrichments/owners', OWNERS, of('enrichment.put', 'owners', ['kind', 'options.password'], 'acme')],
  [
    'POST',
    'enrichments/owners/reload',
    undefined,
    of('enrichment.reload', 'owners', ['data.entries'], 'acme'),
  ],
  ['DELETE', 'enrichments/owners', undefined, of('enrichment.delete', 'owners', ['kind'], 'acme')],
  ['PUT', 'notifiers/chat', CHAT, of('notifier.put', 'chat', ['options.headers.x', 'options.url'])],
  ['DELETE', 'notifiers/chat', undefined, of('notifier.delete', 'chat', ['kind'])],
  ['POST', 'inputs', OFFICE, of('input.create', 'office', ['kind', 'options.port', 'sources'])],
  ['PATCH', 'inputs/office', { options: { port: 2 } }, of('input.change', 'office', ['options.port'])],
  ['POST', 'inputs/office/stop', undefined, of('input.stop', 'office', ['enabled'])],
  ['POST', 'inputs/office/start', undefined, of('input.start', 'office', ['enabled'])],
  ['DELETE', 'inputs/office', undefined, of('input.delete', 'office', ['enabled', 'kind'])],
  ['POST', 'plugins/reload', undefined, of('plugin.reload', null, [])],
  [
    'POST',
    'quarantine/replay',
    { filter: { stream: 'web' } },
    of('quarantine.replay', 'ID', ['asked.filter.stream', 'events'], 'acme'),
  ],
  [
    'POST',
    'quarantine/resolve',
    { filter: { stream: 'web' }, note: 'old' },
    of('quarantine.resolve', 'ID', ['asked.note'], 'acme'),
  ],
  [
    'PUT',
    'retention/policies/stream:web',
    { keep: 'search 9d -> delete' },
    of('retention-policy.put', 'stream:web', ['keep', 'class'], 'acme'),
  ],
  [
    'DELETE',
    'retention/policies/stream:web',
    undefined,
    of('retention-policy.delete', 'stream:web', ['keep', 'class'], 'acme'),
  ],
  [
    'POST',
    'retention/rollback',
    { version: 1 },
    of('retention-policies.roll-back', null, ['stream:web.keep'], 'acme'),
  ],
  ['POST', 'streams/web/reparse', SPAN, of('stream.reparse', 'web', ['asked.start_time', 'job'], 'acme')],
  ['DELETE', 'jobs/ID', undefined, of('job.cancel', 'ID', ['state'], 'acme')],
];

function of(action: string, object: string | null, fields: readonly string[], tenant?: string): Expected {
  return { action, object, fields, ...(tenant !== undefined && { tenant }) };
}

/** Actions of what is not changed through the API. */
const WITHOUT_ROUTE = [
  'settings.start',
  'enrichment.data',
  'plugin.trust',
  'plugin.change',
  'request.refuse',
  'audit.prune',
  'audit.head-lost',
];

let api: Awaited<ReturnType<typeof startAuditedApi>>;
let key: string;
beforeAll(async () => {
  api = await startAuditedApi();
  key = api.access.add('ops', undefined, { tenant: 'acme' });
});
afterAll(() => api.stop());

const call = (method: Method, path: string, payload?: object) =>
  api.inject({
    ...{ method, url: `/api/v1/${path}`, headers: { authorization: key, 'x-request-id': `r-${path}` } },
    ...{ remoteAddress: '192.0.2.7', ...(payload && { payload }) },
  });

describe('a call that changes something is recorded once, before it is answered, by its author:', () => {
  /** What was made by the call before: ids that nobody can know. */
  let made = '';
  it.each(CALLS)('%s %s', async (method, path, payload, { action, object, tenant = null, fields }) => {
    const before = (await api.newest()).length;
    const answer = await call(method, path.replace('ID', made), payload);
    expect([answer.statusCode, answer.body]).toEqual([
      expect.toSatisfy((status) => status < 300),
      expect.anything(),
    ]);
    const body = answer.json<{ readonly id?: string; readonly job?: string }>();
    made = body.job ?? body.id ?? made;
    const [entry, ...others] = await api.newest();
    expect(others).toHaveLength(before);
    expect(entry).toMatchObject({
      ...{ action, object: object?.replace('ID', made) ?? null, tenant, outcome: 'done' },
      actor: { kind: 'key', id: 'ops', name: 'ops' },
      ...{ address: '192.0.2.7' },
    });
    expect(entry?.request_id).toMatch(/\w/);
    expect(entry?.changes.map(({ field }) => field)).toEqual(expect.arrayContaining([...fields]));
    if (fields.length === 0) expect(entry?.changes).toEqual([]);
    expect(JSON.stringify(entry)).not.toMatch(/canary|_secret/);
  });
});

describe('the record', () => {
  it('knows every route that changes something', () => {
    const called = CALLS.map(([method, , , { action }]) => `${method} ${action}`);
    const routes = api.app
      .get(RouteTable)
      .routes.filter(({ rules }) => rules?.changes !== undefined && rules.changes !== 'nothing')
      .map(({ method, rules }) => `${method} ${rules?.changes}`);
    expect(called.toSorted()).toEqual(routes.toSorted());
    const actions = CALLS.map(([, , , { action }]) => action);
    expect([...actions, ...WITHOUT_ROUTE].toSorted()).toEqual([...AUDIT_ACTION_NAMES].toSorted());
  });

  const send = (stream: string) =>
    api.inject({
      ...{ method: 'POST', url: `/api/v1/streams/${stream}/events`, payload: '{}' },
      headers: { authorization: key, 'content-type': 'application/json' },
    });

  it('leaves out what changes nothing', async () => {
    const before = (await api.newest()).length;
    await call('POST', 'rules/dry-run', { lines: ['x'] });
    await call('POST', 'logs', {});
    expect((await send('web')).statusCode).toBe(202);
    expect(await api.newest()).toHaveLength(before);
  });

  it('has a stream that is made by sending to it once, however many send at once', async () => {
    const before = (await api.newest()).length;
    const answers = await Promise.all(['late', 'late', 'late'].map(send));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202]);
    const [entry, ...others] = await api.newest();
    expect(others).toHaveLength(before);
    expect(entry).toMatchObject({
      ...{ action: 'stream.create', object: 'late', tenant: 'acme', actor: { id: 'ops' } },
      changes: [{ field: 'event_type', after: 'log' }],
    });
  });

  it('says of a change that failed what was asked for', async () => {
    const { write } = api.settingsStore;
    api.settingsStore.write = () => Promise.reject(new Error('broken'));
    expect((await call('PATCH', 'settings', { flush_bytes: '9MiB' })).statusCode).toBe(500);
    api.settingsStore.write = write;
    expect((await api.newest())[0]).toMatchObject({
      ...{ action: 'settings.change', outcome: 'failed', error: 'internal_error' },
      changes: [{ field: 'flush_bytes', after: '9MiB' }],
    });
  });

  it('is whole after all that', async () => {
    expect((await api.audit.verifier.verify()).report).toMatchObject({ whole: true });
  });
});
