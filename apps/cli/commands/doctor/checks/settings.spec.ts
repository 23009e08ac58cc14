import { expect, it } from 'vitest';
import { loadSettings } from '#app-config';
import { checkSettings } from './settings.js';

it('says what is given, and warns of variables that no setting has', () => {
  const env = { ALLUVIUM_HTTP_PORT: '81', KAFKA_BROKER: 'a:9092' };
  expect(checkSettings(loadSettings({ env, readText: () => '' }), [])).toEqual([
    { check: 'settings', status: 'ok', what: '1 given, all right: ALLUVIUM_HTTP_PORT.' },
    {
      check: 'settings',
      status: 'warning',
      what: expect.stringContaining('KAFKA_BROKER (Did you mean KAFKA_BROKERS?). KAFKA_BROKERS is not set'),
      where: 'environment',
      mend: 'Correct the names, or leave them to the program that means them.',
    },
  ]);
});
