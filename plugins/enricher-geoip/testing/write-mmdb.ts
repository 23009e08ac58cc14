import { isIPv4 } from 'node:net';

/** A value that a database may hold: integers become unsigned ones of 32 bits, other numbers doubles. */
export type MmdbValue =
  string | number | boolean | bigint | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };

/** What is known of a network. */
export type MmdbNetwork = readonly [cidr: string, record: MmdbValue];

/** A node of the search tree, or the offset of a record in the data section; undefined where nothing is known. */
type Branch = Node | number | undefined;
type Node = [left: Branch, right: Branch];

const RECORD_BITS = 24;
const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
/** Zero bytes between tree and data. */
const SEPARATOR = 16;

/**
 * A small database in MaxMind's format, version 2.0, written from its published description
 * (https://maxmind.github.io/MaxMind-DB/): a tree for IPv6, in which IPv4 networks lie below `::/96`.
 *
 * @param networks of one that holds another, the larger comes first
 */
export function writeMmdb(networks: readonly MmdbNetwork[], type = 'Test-City'): Buffer {
  const root: Node = [undefined, undefined];
  const data: Buffer[] = [];
  let size = 0;
  for (const [cidr, record] of networks) {
    insert(root, bitsOf(cidr), size);
    const encoded = encode(record);
    data.push(encoded);
    size += encoded.length;
  }
  const nodes = listNodes(root);
  const tree = Buffer.concat(nodes.map((node) => encodeNode(node, nodes)));
  const metadata = encode({
    node_count: nodes.length,
    record_size: RECORD_BITS,
    ip_version: 6,
    database_type: type,
    languages: ['en'],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_790_000_000n,
    description: { en: 'for tests' },
  });
  return Buffer.concat([tree, Buffer.alloc(SEPARATOR), ...data, MARKER, metadata]);
}

function bitsOf(cidr: string): readonly (0 | 1)[] {
  const [address = '', length = ''] = cidr.split('/');
  const isV4 = isIPv4(address);
  const bytes = isV4
    ? [...Array.from({ length: 12 }, () => 0), ...address.split('.').map(Number)]
    : v6Bytes(address);
  const bits = bytes.flatMap((byte) => Array.from({ length: 8 }, (_, n) => ((byte >> (7 - n)) & 1) as 0 | 1));
  return bits.slice(0, Number(length) + (isV4 ? 96 : 0));
}

function v6Bytes(address: string): readonly number[] {
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): number[] =>
    text === ''
      ? []
      : text
          .split(':')
          .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
  const [front, back] = [groups(left), groups(right)];
  return [...front, ...Array.from({ length: 16 - front.length - back.length }, () => 0), ...back];
}

function insert(root: Node, bits: readonly (0 | 1)[], offset: number): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const next = node[bit];
    const inner: Node = Array.isArray(next) ? next : [next, next];
    node[bit] = inner;
    node = inner;
  }
  node[bits.at(-1) ?? 0] = offset;
}

function listNodes(root: Node): readonly Node[] {
  const nodes: Node[] = [root];
  for (let at = 0; at < nodes.length; at += 1)
    for (const branch of nodes[at] ?? []) if (Array.isArray(branch)) nodes.push(branch);
  return nodes;
}

function encodeNode(node: Node, nodes: readonly Node[]): Buffer {
  const record = Buffer.alloc((RECORD_BITS * 2) / 8);
  node.forEach((branch, side) => {
    const value =
      typeof branch === 'number'
        ? nodes.length + SEPARATOR + branch
        : branch === undefined
          ? nodes.length
          : nodes.indexOf(branch);
    record.writeUIntBE(value, (side * RECORD_BITS) / 8, RECORD_BITS / 8);
  });
  return record;
}

/** Types of the data section, by their numbers. */
const TYPES = { string: 2, double: 3, uint32: 6, map: 7, uint64: 9, array: 11, bool: 14 } as const;

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') return head(TYPES.string, Buffer.from(value));
  if (typeof value === 'boolean') return control(TYPES.bool, Number(value));
  if (typeof value === 'bigint') return head(TYPES.uint64, bigBytes(value));
  if (typeof value === 'number') return encodeNumber(value);
  if (Array.isArray(value)) return Buffer.concat([control(TYPES.array, value.length), ...value.map(encode)]);
  const entries = Object.entries(value as Readonly<Record<string, MmdbValue>>);
  const parts = entries.flatMap(([key, one]) => [encode(key), encode(one)]);
  return Buffer.concat([control(TYPES.map, entries.length), ...parts]);
}

function encodeNumber(value: number): Buffer {
  if (Number.isInteger(value) && value >= 0) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return head(TYPES.uint32, bytes);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return head(TYPES.double, bytes);
}

function bigBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

function head(type: number, payload: Buffer): Buffer {
  return Buffer.concat([control(type, payload.length), payload]);
}

/** The control byte, the extended type behind it, and a length of 29 to 284 behind that. */
function control(type: number, size: number): Buffer {
  const short = Math.min(size, 29);
  const isExtended = type > 7;
  return Buffer.from([
    (isExtended ? 0 : type << 5) | short,
    ...(isExtended ? [type - 7] : []),
    ...(short === 29 ? [size - 29] : []),
  ]);
}
