import { expect, it } from 'vitest';
import { PolicyChecks } from './policy-checks.js';

function checksOf(s3ObjectLock: 'off' | 'governance', names: readonly string[]): PolicyChecks {
  return new PolicyChecks({} as never, {} as never, { names }, { boot: { s3ObjectLock } });
}

function check(keep: string, names: readonly string[] = ['search', 'archive', 'gzip-files']): Promise<void> {
  return checksOf('off', names).check('acme', { tenant: { keep, class: 'normal' } });
}
const mistake = (message: string, mend: string) => ({
  ...{ code: 'invalid_request' },
  options: { errors: [{ path: 'keep', message, mend: expect.stringContaining(mend) }] },
});

it.each([
  'search forever -> archive from 1d forever',
  'search 1y -> archive from 1d 364d -> delete',
  'search 30d -> archive 1y -> delete',
  'search 30d -> archive from 1d forever',
  'forever',
  'search 7d -> gzip-files 1y -> delete',
  'search 30d -> gzip-files from 1d forever',
])('a policy may copy and move into the archive: %s', async (keep) => {
  await check(keep);
});

it('a tier that is not there is named', async () => {
  const there = check('search forever -> archive from 1d forever', ['search']);
  await expect(there).rejects.toMatchObject(mistake('no such tier here yet: archive', 'search.'));
});

it('a tier whose plugin is not there is named, with those that are', async () => {
  const keep = 'search 7d -> tape 1y -> delete';
  await expect(check(keep)).rejects.toMatchObject(
    mistake('no such tier here yet: tape', 'archive, gzip-files.'),
  );
});

it.each([
  ['search 7d -> archive 1y -> gzip-files 2y -> delete', 'gzip-files'],
  ['search 7d -> gzip-files 1y -> archive forever', 'archive'],
])('a policy has one tier behind search: %s', async (keep, third) => {
  await expect(check(keep)).rejects.toMatchObject(
    mistake(`a unit is in one tier behind search, and then in ${third} too`, `Leave out ${third}`),
  );
});

const LOCKED = 'locks what it archives, and names no step archive';
it.each([
  ['search 30d -> delete', 9, LOCKED, 'add the step'],
  ['search 7d -> gzip-files 1y -> delete', 9, LOCKED, 'add the step'],
  ['search 7d -> archive 1y -> delete', 366, 'is 366, and its step archive keeps 365 days', 'at most 365'],
  ['search 30d -> archive from 1d 90d -> delete', 91, 'its step archive keeps 90 days', 'at most 90'],
  ['search 7d -> archive 1y -> delete', 365, 'needs a store that locks objects', 'S3_OBJECT_LOCK'],
] as const)('a policy "%s" does not lock for %i days: %s', async (keep, days, message, mend) => {
  const locks = message.startsWith('needs') ? 'off' : 'governance';
  const policies = { tenant: { keep, class: 'normal', lock_days: days } } as const;
  const checking = checksOf(locks, ['search', 'archive', 'gzip-files']).check('acme', policies, 'policies');
  const error = { message: expect.stringContaining(message), mend: expect.stringContaining(mend) };
  await expect(checking).rejects.toMatchObject({
    options: { errors: [{ path: 'policies.tenant.lock_days', ...error }] },
  });
});

it.each(['search 7d -> archive 1y -> delete', 'search 30d -> archive from 1d forever'])(
  'a policy locks what it archives for as long as it keeps it: %s',
  async (keep) => {
    const checks = checksOf('governance', ['search', 'archive']);
    await checks.check('acme', { tenant: { keep, class: 'normal', lock_days: 365 } });
  },
);
