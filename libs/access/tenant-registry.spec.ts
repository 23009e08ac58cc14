import { expect, it } from 'vitest';
import { createAccess, principalWith } from './testing/access-fixture.js';

const ROOT = principalWith();

it('the tenant default is there from the start and can not be made again', async () => {
  const { tenants } = createAccess();
  expect(await tenants.exists('default')).toBe(true);
  await expect(tenants.create(ROOT, 'default')).rejects.toMatchObject({ code: 'tenant_exists' });
  expect(await tenants.list(ROOT)).toEqual([{ name: 'default' }]);
});

it('a tenant is made once, by one of many that try', async () => {
  const { tenants } = createAccess();
  const tries = await Promise.allSettled(Array.from({ length: 5 }, () => tenants.create(ROOT, 'acme')));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await tenants.exists('acme')).toBe(true);
  expect((await tenants.list(ROOT)).map(({ name }) => name)).toEqual(['default', 'acme']);
});

it.each(['', 'A', '../x', '..%252f', 'a/b', 'x'.repeat(64), '__proto__'])('%j is no tenant', async (name) => {
  const { tenants } = createAccess();
  await expect(tenants.create(ROOT, name)).rejects.toMatchObject({ code: 'tenant_invalid' });
  expect(await tenants.exists(name)).toBe(false);
});

it('a key without the scope system makes no tenant and sees only its own', async () => {
  const { tenants } = createAccess();
  await tenants.create(ROOT, 'acme');
  await tenants.create(ROOT, 'globex');
  const admin = principalWith(['keys:admin'], { tenant: 'acme' });
  await expect(tenants.create(admin, 'mine')).rejects.toMatchObject({ code: 'forbidden' });
  expect((await tenants.list(admin)).map(({ name }) => name)).toEqual(['acme']);
});
