export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';
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
export const CALLS: readonly (readonly [Method, string, object | undefined, Expected])[] = [
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
  ['POST', 'backups', undefined, of('backup.make', null, [])],
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
  [
    'POST',
    'archives/attach',
    { name: 'old-web', place: 'old', stream: 'web' },
    of('archive.attach', 'old-web', ['place', 'signed_by', 'stream'], 'acme'),
  ],
  [
    'POST',
    'archives/restore',
    { stream: 'old-web', start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-02T00:00:00Z', name: 'back' },
    of('archive.restore', 'old-web', ['asked.start_time', 'expires_at', 'name'], 'acme'),
  ],
  [
    'POST',
    'archives/undelete',
    { stream: 'web', start_time: '2025-11-01T00:00:00Z', end_time: '2025-11-02T00:00:00Z' },
    of('archive.undelete', 'web', ['events', 'oldest_day', 'units'], 'acme'),
  ],
  [
    'DELETE',
    'archives/trash',
    undefined,
    of('archive.empty-trash', null, ['bytes', 'events', 'units'], 'acme'),
  ],
  [
    'POST',
    'archives/compaction',
    undefined,
    of('archive.compact', null, ['bytes', 'events', 'files'], 'acme'),
  ],
  ['DELETE', 'archives/restored/back', undefined, of('archive.unload', 'back', ['state'], 'acme')],
  [
    'DELETE',
    'archives/attached/old-web',
    undefined,
    of('archive.detach', 'old-web', ['place', 'stream'], 'acme'),
  ],
  ['POST', 'holds', { reason: 'case 7' }, of('hold.create', 'ID', ['reason'], 'acme')],
  ['DELETE', 'holds/ID', undefined, of('hold.release', 'ID', ['released_at'], 'acme')],
  [
    'POST',
    'retention/apply',
    { plan: 'PLAN' },
    of('retention.apply', 'PLAN', ['job', 'planned.events'], 'acme'),
  ],
  ['POST', 'streams/web/reparse', SPAN, of('stream.reparse', 'web', ['asked.start_time', 'job'], 'acme')],
  ['DELETE', 'jobs/ID', undefined, of('job.cancel', 'ID', ['state'], 'acme')],
];

function of(action: string, object: string | null, fields: readonly string[], tenant?: string): Expected {
  return { action, object, fields, ...(tenant !== undefined && { tenant }) };
}
