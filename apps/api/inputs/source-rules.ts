import { BlockList, isIP, isIPv4 } from 'node:net';
import { z } from 'zod';
import { DEFAULT_TENANT, isSourceName, isTenantName, NAME_RULE, SOURCE_RULE } from '#event-model';
import { isZone, type InputPeer } from '#plugin-kit';
import { streamName } from '../requests/rule.js';

const NETWORK = /^([^/%\s]{1,45})(?:\/(\d{1,3}))?$/;
const MAX_RULES = 1_000;

const network = z
  .string()
  .refine((text) => networkOf(text) !== undefined, {
    error: 'is no network',
    params: { mend: 'Write an address, or a network such as 10.0.0.0/8 or fd00::/8.' },
  })
  .describe('An address, or a network in CIDR form.');

/** Who may send to an input, and where what they send goes. */
export const sourceRuleSchema = z
  .strictObject({
    networks: z.array(network).min(1).max(1_000).optional().describe('Where the peer is. Default: anywhere.'),
    certificate_names: z
      .array(z.string().min(1).max(256))
      .min(1)
      .max(1_000)
      .optional()
      .describe('Common name of the client certificate. Default: any, or none.'),
    topics: z
      .array(z.string().regex(/^[A-Za-z0-9._-]{1,249}$/))
      .min(1)
      .max(1_000)
      .optional()
      .describe('Topics of Kafka, which have no senders. Only an entry with `topics` takes their records.'),
    tenant: z
      .string()
      .refine(isTenantName, { error: 'is no name of a tenant', params: { mend: `Use ${NAME_RULE}.` } })
      .default(DEFAULT_TENANT),
    stream: streamName,
    source: z
      .string()
      .refine(isSourceName, { error: 'is no name of a source', params: { mend: `Use ${SOURCE_RULE}.` } })
      .optional()
      .describe("`source` of the events. Default: the input's name."),
    parser: z.string().min(1).max(64).optional().describe("Default: the input's own, such as `syslog`."),
    zone: z
      .string()
      .refine(isZone, {
        error: 'is no zone',
        params: { mend: 'Use an IANA name such as Europe/Berlin, or an offset such as +02:00.' },
      })
      .optional()
      .describe('Zone of times that are sent without one. Default: UTC.'),
  })
  .refine(
    ({ networks, certificate_names, topics }) => (networks ?? certificate_names ?? topics) !== undefined,
    {
      error: 'says nothing about who may send',
      params: {
        mend: 'Name networks, certificate_names or both; 0.0.0.0/0 and ::/0 are everybody. Of Kafka: topics.',
      },
    },
  )
  .refine(
    ({ networks, certificate_names, topics }) => topics === undefined || !(networks ?? certificate_names),
    {
      error: 'names topics, and networks or certificates',
      params: { mend: 'Make two entries of it: records of a topic have no sender.' },
    },
  );

export type SourceRule = z.infer<typeof sourceRuleSchema>;

/** The first rule that fits a peer counts; one that none fits is refused. */
export const sourceRulesSchema = z.array(sourceRuleSchema).max(MAX_RULES);

/** Private and local networks: RFC 1918, RFC 4193, loopback and link-local. */
export const PRIVATE_NETWORKS: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

function networkOf(text: string): Network | undefined {
  const [, address = '', bits] = NETWORK.exec(text) ?? [];
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? most : Number(bits);
  if (version === 0 || prefix > most) return undefined;
  return { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** An address as rules know it: without a link's name, an IPv4 one as such. */
export function plainAddress(address: string): string {
  const [bare = ''] = address.split('%', 1);
  const mapped = bare.toLowerCase().startsWith('::ffff:') ? bare.slice(7) : '';
  return isIPv4(mapped) ? mapped : bare;
}

/** Most peers whose rule is remembered. */
const MAX_KEPT = 10_000;

/** Finds the rule of a peer. */
export class SourceMap {
  readonly #rules: readonly { readonly rule: SourceRule; readonly list: BlockList | undefined }[];
  readonly #found = new Map<string, SourceRule | undefined>();

  constructor(rules: readonly SourceRule[]) {
    this.#rules = rules.map((rule) => ({ rule, list: rule.networks && listOf(rule.networks) }));
  }

  find(peer: InputPeer): SourceRule | undefined {
    const address = plainAddress(peer.address);
    const key = `${address} ${peer.certificateName ?? ''} ${peer.transport}`;
    if (this.#found.has(key)) return this.#found.get(key);
    const found = this.#rules.find(
      ({ rule, list }) => hasTopic(rule, peer) && hasName(rule, peer) && (!list || contains(list, address)),
    )?.rule;
    if (this.#found.size >= MAX_KEPT) this.#found.clear();
    this.#found.set(key, found);
    return found;
  }
}

/** Records of a topic are taken by entries with topics, and by no others. */
function hasTopic({ topics }: SourceRule, { transport, address }: InputPeer): boolean {
  return transport === 'kafka' ? (topics?.includes(address) ?? false) : topics === undefined;
}

function hasName({ certificate_names: names }: SourceRule, { certificateName }: InputPeer): boolean {
  return names === undefined || (certificateName !== undefined && names.includes(certificateName));
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of networks) {
    const found = networkOf(text);
    if (found) list.addSubnet(found.address, found.prefix, found.family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}
