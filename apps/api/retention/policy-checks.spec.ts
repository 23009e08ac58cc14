import { expect, it } from 'vitest';
import { PolicyChecks } from './policy-checks.js';

function check(
  keep: string,
  retentionTiers: readonly string[] = ['search', 'archive'],
  outside: readonly string[] = ['gzip-files'],
): Promise<void> {
  const unitTiers = new Map(outside.map((name) => [name, {} as never]));
  const checks = new PolicyChecks({} as never, {} as never, { retentionTiers } as never, { unitTiers });
  return checks.check('acme', { tenant: { keep, class: 'normal' } });
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
  const there = check('search forever -> archive from 1d forever', ['search'], []);
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
