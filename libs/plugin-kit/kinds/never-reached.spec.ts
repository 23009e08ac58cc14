import { expect, it } from 'vitest';
import { isNeverReached } from '#plugin-kit';

it.each([
  ...['169.254.169.254', '169.254.0.0', '169.254.255.255', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  ...['fd00:ec2::254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe'],
])('%s is never reached', (address) => {
  expect(isNeverReached(address)).toBe(true);
});

it.each(['127.0.0.1', '10.0.0.1', '8.8.8.8', '::1', 'fd00::1', 'fec0::1', '', 'localhost', '169.254', 'x:y'])(
  '%s may be opened, or is no address',
  (address) => {
    expect(isNeverReached(address)).toBe(false);
  },
);
