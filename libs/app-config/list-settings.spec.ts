import { expect, it } from 'vitest';
import { listSettings, loadSettings } from '#app-config';

const env = {
  ALLUVIUM_ADMIN_KEY: `alv_abcd1234_${'x'.repeat(48)}`,
  ALLUVIUM_FLUSH_BYTES: '8MiB',
  ALLUVIUM_DOCS: 'off',
  ALLUVIUM_FAULT_POINTS: 'x:1',
};
const settings = loadSettings({ env, readText: () => '' });
const listed = listSettings(settings, {
  current: { ...settings.runTime, logLevel: 'debug' },
  changed: new Set(['log_level']),
});
const row = (name: string) => listed.find((setting) => setting.name === name);

it('shows values as JSON has them, with where they come from', () => {
  expect(row('flush_bytes')).toMatchObject({
    ...{ value: 8 * 2 ** 20, default: 32 * 2 ** 20, source: 'environment', unit: 'bytes' },
    ...{ kind: 'run-time', env: 'ALLUVIUM_FLUSH_BYTES' },
  });
  expect(row('log_level')).toMatchObject({ value: 'debug', default: 'info', source: 'api' });
  expect(row('docs')).toMatchObject({ value: false, default: true });
  expect(row('roles')).toMatchObject({ value: ['api', 'worker', 'scheduler'], source: 'default' });
  expect(row('tls_cert')).toMatchObject({ value: null, default: null, otherwise: expect.any(String) });
  expect(row('fault_points')).toMatchObject({ value: 'x:1' });
});

it('never shows a secret', () => {
  expect(row('admin_key')?.value).toBe('***');
  expect(JSON.stringify(listed)).not.toContain('xxxx');
});
