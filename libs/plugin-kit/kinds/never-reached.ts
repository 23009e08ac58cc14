import { BlockList } from 'node:net';

/** Networks of one link, and of a cloud's own services: credentials lie there, and nothing that wants to be told. */
const NEVER = new BlockList();
NEVER.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER.addSubnet('fe80::', 10, 'ipv6');
NEVER.addSubnet('fd00:ec2::', 32, 'ipv6');

/**
 * Whether no notifier may connect to an address, whatever the settings say; false for a text that is none.
 *
 * @param address IPv4 or IPv6, also with a zone, or with an IPv4 address in it (`::ffff:169.254.0.1`)
 */
export function isNeverReached(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  return NEVER.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}
