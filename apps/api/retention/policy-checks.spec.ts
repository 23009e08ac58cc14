import { expect, it } from 'vitest';
import { PolicyChecks } from './policy-checks.js';

function check(keep: string, retentionTiers: readonly string[] = ['search', 'archive']): Promise<void> {
  const checks = new PolicyChecks(
    {} as never,
    {} as never,
    { retentionTiers } as never,
    {
      unitTiers: new Map([['gzip-files', {}]]),
    } as never,
  );
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
])('a policy may copy and move into the archive: %s', async (keep) => {
  await check(keep);
});

it('a tier that is not there is named', async () => {
  const there = check('search forever -> archive from 1d forever', ['search']);
  await expect(there).rejects.toMatchObject(mistake('no such tier here yet: archive', 'search.'));
});
