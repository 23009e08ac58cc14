/** A request about what is kept that can't be granted, and what its answer must say. */
export interface Refusal {
  readonly method: 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly path: string;
  readonly body?: object;
  /** Whose key; default: an admin's of the tenant that has the events. */
  readonly by?: 'other tenant' | 'reader';
  readonly status: number;
  readonly code: string;
  /** What the answer says is wrong, or how it is mended. */
  readonly says: string;
}

type Told = Pick<Refusal, 'status' | 'code' | 'says'>;

const POLICY = 'retention/policies/stream:web';
const KEEP = 'search 7d -> delete';
const SPAN = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-02T00:00:00Z' };

const invalid = (says: string): Told => ({ status: 400, code: 'invalid_request', says });
const put = (body: object, says: string): Refusal => ({
  ...{ method: 'PUT', path: POLICY, body },
  ...invalid(says),
});
const keep = (text: string, says: string): Refusal => put({ keep: text }, says);
const post = (path: string, body: object, told: Told): Refusal => ({ method: 'POST', path, body, ...told });
const setting = (body: object, says: string): Refusal => ({
  ...{ method: 'PATCH', path: 'settings', body },
  ...{ status: 400, code: 'settings_invalid', says },
});
const remove = (path: string, told: Told): Refusal => ({ method: 'DELETE', path, ...told });

const POLICIES: readonly Refusal[] = [
  keep('', 'names no tier'),
  keep('archive 1y -> search 7d', 'Begin with search'),
  keep('search 7d -> search 3d -> delete', 'search twice'),
  keep('search 7d -> archive 1y -> archive 2y', 'Name each tier once'),
  keep('search -3d -> delete', 'negative time'),
  keep('search 0d -> delete', 'Write at least 1d'),
  keep('search 1.5d -> delete', 'Write days, weeks or years'),
  keep('search 99999999999y -> delete', 'has the time'),
  keep('search 30d -> archive from 40d 1y -> delete', 'in no tier from 30 to 40 days'),
  keep('search 7d -> tape 1y -> delete', 'no such tier here yet: tape'),
  keep('delete -> search 7d', 'goes on behind delete'),
  keep('search forever -> delete', 'deletes what it keeps forever'),
  keep('search forever -> archive 1y -> delete', 'behind a tier that keeps forever'),
  keep('search 7d; DROP TABLE x', 'no tier with a time'),
  put({ keep: KEEP, class: 'urgent' }, 'critical'),
  put({ keep: KEEP, max_bytes: -1 }, 'at least 1048576'),
  put({ keep: KEEP, max_disk_share: 2 }, 'at most 1'),
  put({ keep: KEEP, cron: '0 3 * *' }, 'has 4 fields'),
  put({ keep: KEEP, cron: '0 25 * * *' }, 'can not be read'),
  put({ keep: KEEP, lock_days: 30 }, 'names no step archive'),
  put({ keep: 'search 7d -> archive 30d -> delete', lock_days: 31 }, 'keeps 30 days'),
  put({ keep: 'search 7d -> archive 30d -> delete', lock_days: 30 }, 'S3_OBJECT_LOCK is off'),
  put({ keep: KEEP, tenant: 'globex' }, 'Leave out tenant'),
  {
    ...{ method: 'PUT', path: 'retention/policies/stream:..%2Fweb', body: { keep: KEEP } },
    ...{ status: 400, code: 'policy_name_invalid', says: 'names nothing' },
  },
  {
    ...{ method: 'PUT', path: POLICY, body: { keep: KEEP }, by: 'other tenant' },
    ...{ status: 404, code: 'stream_unknown', says: '"web"' },
  },
  {
    ...{ method: 'PUT', path: POLICY, body: { keep: KEEP }, by: 'reader' },
    ...{ status: 403, code: 'forbidden', says: 'scope' },
  },
  remove(POLICY, { status: 404, code: 'policy_not_found', says: 'no retention policy' }),
];

const PLANS: readonly Refusal[] = [
  post('retention/plan', { streams: ['none'] }, { status: 404, code: 'stream_unknown', says: '"none"' }),
  post('retention/plan', { policies: { tenant: { keep: 'search -1d' } } }, invalid('policies.tenant.keep')),
  post('retention/apply', {}, invalid('Send it as string')),
  post('retention/apply', { plan: '../../x' }, invalid('POST /api/v1/retention/plan')),
  post('retention/apply', { plan: 'none' }, { status: 404, code: 'plan_not_found', says: 'plan' }),
  {
    ...post('retention/apply', { plan: 'PLAN' }, { status: 404, code: 'plan_not_found', says: 'plan' }),
    by: 'other tenant',
  },
  post('retention/apply', { plan: 'STALE' }, { status: 409, code: 'plan_stale', says: 'version' }),
  post(
    'retention/rollback',
    { version: 99 },
    {
      ...{ status: 404, code: 'policy_version_not_found', says: 'no such version' },
    },
  ),
];

const HOLDS: readonly Refusal[] = [
  post('holds', {}, invalid('reason')),
  post('holds', { reason: 'x', ...SPAN, end_time: SPAN.start_time }, invalid('is not behind start_time')),
  post('holds', { reason: 'x', start_time: 'soon' }, invalid('RFC 3339')),
  post('holds', { reason: 'x', stream: 'none' }, { status: 404, code: 'stream_unknown', says: '"none"' }),
  { ...remove('holds/HOLD', { status: 404, code: 'hold_not_found', says: 'no hold' }), by: 'other tenant' },
];

const restore = (body: object, told: Told): Refusal =>
  post('archives/restore', { stream: 'web', ...SPAN, name: 'back', ...body }, told);
const RESTORES: readonly Refusal[] = [
  restore({ stream: 'none' }, { status: 404, code: 'stream_unknown', says: '"none"' }),
  restore({ start_time: SPAN.end_time, end_time: SPAN.start_time }, invalid('is not behind start_time')),
  restore({ name: '../back' }, invalid('is no name of a stream')),
  restore({ name: 'web' }, { status: 409, code: 'stream_exists', says: '"web"' }),
  restore({ expires_in_days: 0 }, invalid('expires_in_days')),
  restore({ expires_in_days: 91 }, invalid('is more than 90')),
  restore(
    { start_time: '2020-01-01T00:00:00Z', end_time: '2020-01-02T00:00:00Z' },
    { status: 404, code: 'nothing_to_restore', says: 'retention/status' },
  ),
  { ...restore({}, { status: 404, code: 'stream_unknown', says: '"web"' }), by: 'other tenant' },
  remove('archives/restored/web', { status: 404, code: 'restore_not_found', says: 'web' }),
  post(
    'archives/undelete',
    { stream: 'web', ...SPAN },
    {
      ...{ status: 404, code: 'nothing_to_undelete', says: 'archives/trash' },
    },
  ),
  {
    ...post(
      'archives/undelete',
      { stream: 'web', ...SPAN },
      { status: 403, code: 'forbidden', says: 'scope' },
    ),
    by: 'reader',
  },
];

const attach = (body: object, told: Told): Refusal =>
  post('archives/attach', { name: 'old-web', place: 'old', stream: 'web', ...body }, told);
const refused = (says: string): Told => ({ status: 409, code: 'archive_refused', says });
const MANIFESTS: readonly Refusal[] = [
  attach({ place: '../../etc' }, invalid('is no name of a place')),
  attach({ place: 'nowhere' }, { status: 400, code: 'archive_place_unknown', says: 'archive, ' }),
  attach({ place: 'not-mounted' }, { status: 503, code: 'archive_place_unreadable', says: 'not-mounted' }),
  attach({ stream: '../web' }, invalid('is no name of a stream')),
  attach({ name: 'web' }, { status: 409, code: 'stream_exists', says: '"web"' }),
  attach({ place: 'changed-manifest' }, refused('What was read of')),
  attach({ place: 'forged-manifest' }, refused('not what was signed')),
  attach({ place: 'short-file' }, refused('has 10 bytes, not ')),
  attach({ place: 'other-day' }, refused('does not belong here')),
  attach({ place: 'no-json' }, refused('no signed manifest')),
  { ...attach({}, { status: 404, code: 'archive_empty', says: 'web' }), by: 'other tenant' },
];

const SETTINGS: readonly Refusal[] = [
  setting({ archive_grace_hours: 0 }, 'from 1 to'),
  setting({ archive_trash_hours: -1 }, 'from 0 to'),
  setting({ retention_run_at: '25:00' }, 'a time of day'),
  setting({ retention_time_zone: 'Mars/Base' }, 'Europe/Berlin'),
  setting({ disk_emergency_at: 200 }, 'from 10 to 100'),
  setting({ archive_dir: '/etc' }, 'read once at start'),
];

/** Wrong policies, plans, holds, restores, manifests and settings. */
export const REFUSALS: readonly Refusal[] = [
  ...POLICIES,
  ...PLANS,
  ...HOLDS,
  ...RESTORES,
  ...MANIFESTS,
  ...SETTINGS,
];
