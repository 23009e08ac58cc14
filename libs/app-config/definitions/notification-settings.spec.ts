import { describe, expect, it } from 'vitest';
import { notificationSettings } from './notification-settings.js';

const { schema } = notificationSettings.notifyNetworks.type;

describe('networks that notifiers may reach', () => {
  it.each<[unknown, readonly string[]]>([
    ['', []],
    ['10.0.0.0/8, 192.168.7.20', ['10.0.0.0/8', '192.168.7.20']],
    [
      ['fd00::/8', '::1/128'],
      ['fd00::/8', '::1/128'],
    ],
  ])('are %j', (given, expected) => {
    expect(schema.parse(given)).toEqual(expected);
  });

  it.each([
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0/8',
    'example.org',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    'fe80::1%eth0',
    '10.0.0.0/-1',
  ])('are not %j', (given) => {
    expect(schema.safeParse(given).success).toBe(false);
  });
});
