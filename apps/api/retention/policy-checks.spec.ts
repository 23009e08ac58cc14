import { expect, it } from 'vitest';
import { PolicyChecks } from './policy-checks.js';

function check(keep: string, retentionTiers: readonly string[] = ['search', 'archive']): Promise<void> {
  const checks = new PolicyChecks({} as never, {} as never, { retentionTiers } as never);
  return checks.check('acme', { tenant: { keep, class: 'normal' } });
}
const mistake = (message: string, mend: string) => ({
  ...{ code: 'invalid_request' },
  options: { errors: [{ path: 'keep', message, mend: expect.stringContaining(mend) }] },
});

it.each([
  'search forever -> archive from 1d forever',
  'search 1y -> archive from 1d 364d -> delete',
  'forever',
])('a policy may copy into the archive: %s', async (keep) => {
  await check(keep);
});

it.each(['search 30d -> archive 1y -> delete', 'search 30d -> archive from 1d forever'])(
  'a policy by which events would not be found any more is refused: %s',
  async (keep) => {
    await expect(check(keep)).rejects.toMatchObject(
      mistake('has events leave search before the archive', 'search forever -> archive from 1d forever'),
    );
  },
);

it('a tier that is not there is named', async () => {
  const there = check('search forever -> archive from 1d forever', ['search']);
  await expect(there).rejects.toMatchObject(mistake('no such tier here yet: archive', 'search.'));
});
