import { BlockList, isIP } from 'node:net';
import { isNeverReached } from '#plugin-kit';

type Network = readonly [network: string, bits: number];

/**
 * Networks that are not public: reached only where a setting names them. Of this host, private (RFC 1918, RFC 4193), shared
 * (RFC 6598), special (RFC 6890), for groups; and those that wrap an IPv4 address (RFC 6052, RFC 3056, RFC 4380).
 */
const CLOSED: readonly Network[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['ff00::', 8],
];

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Which addresses notifiers may connect to: public ones, and those of networks that the admin of the server opened. */
export class OpenNetworks {
  readonly #closed = listOf(CLOSED);
  readonly #opened: BlockList;

  /** @param opened networks such as `10.0.0.0/8`; an address alone is a network of one */
  constructor(opened: readonly string[]) {
    this.#opened = listOf(opened.map(readNetwork));
  }

  /** Whether an address may be connected to; a text that is none may not. */
  has(text: string): boolean {
    const address = MAPPED.exec(text)?.[1] ?? text.replace(/%.*$/, '');
    const version = isIP(address);
    if (version === 0 || /^::ffff:/i.test(address) || isNeverReached(address)) return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    return !this.#closed.check(address, family) || this.#opened.check(address, family);
  }
}

function readNetwork(text: string): Network {
  const [address = '', bits] = text.split('/');
  return [address, bits === undefined ? (isIP(address) === 4 ? 32 : 128) : Number(bits)];
}

function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const [network, bits] of networks)
    list.addSubnet(network, bits, isIP(network) === 4 ? 'ipv4' : 'ipv6');
  return list;
}
