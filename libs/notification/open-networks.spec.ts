import { describe, expect, it } from 'vitest';
import { OpenNetworks } from './open-networks.js';

describe('networks that notifiers may reach', () => {
  const none = new OpenNetworks([]);

  it.each(['8.8.8.8', '203.0.113.1', '2606:4700::1111', '::ffff:8.8.8.8'])('hold %s', (address) => {
    expect(none.has(address)).toBe(true);
  });

  it.each([
    ...[
      '127.0.0.1',
      '127.9.9.9',
      '0.0.0.0',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
    ],
    ...[
      '169.254.169.254',
      '224.0.0.1',
      '255.255.255.255',
      '::1',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd00::1',
    ],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:169.254.169.254',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '::7f00:1',
    ],
    ...['', 'localhost', '127.1', '0x7f000001'],
  ])('do not hold %s', (address) => {
    expect(none.has(address)).toBe(false);
  });

  it('hold those that a setting opens, but never those of this link', () => {
    const some = new OpenNetworks(['10.1.0.0/16', '127.0.0.1', 'fd00::/8', '169.254.0.0/16', '::1']);
    const held = ['10.1.2.3', '127.0.0.1', 'fd00::1', '::1', '::ffff:10.1.2.3'];
    const not = ['10.2.0.0', '127.0.0.2', '169.254.169.254', 'fd00:ec2::254'];
    expect([held.filter((one) => !some.has(one)), not.filter((one) => some.has(one))]).toEqual([[], []]);
  });
});
