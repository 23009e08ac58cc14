import { BlockList, isIP } from 'node:net';

/** No address is longer, with its zone. */
const LONGEST = 100;
/** An IPv4 address that came over IPv6, as a system writes it. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Networks that are nowhere on a map: private (RFC 1918, RFC 4193), shared (RFC 6598), of this host, of this link, for
 * groups, and not given out.
 */
const NOWHERE: readonly (readonly [network: string, bits: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

/** Addresses that no database is asked about. */
export class Nowhere {
  readonly #networks = new BlockList();

  constructor() {
    for (const [network, bits, family] of NOWHERE) this.#networks.addSubnet(network, bits, family);
  }

  has(address: string, family: 4 | 6): boolean {
    return this.#networks.check(address, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** An address in the form that it is looked up in; undefined where the text is none. */
export function readAddress(text: string): { readonly address: string; readonly family: 4 | 6 } | undefined {
  if (text.length > LONGEST) return undefined;
  const address = MAPPED.exec(text)?.[1] ?? text;
  const family = isIP(address);
  return family === 0 || address.includes('%') ? undefined : { address, family: family === 4 ? 4 : 6 };
}
