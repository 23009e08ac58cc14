import { describe, expect, it } from 'vitest';
import { plainAddress, PRIVATE_NETWORKS, SourceMap, sourceRuleSchema } from './source-rules.js';

const rule = (given: object) => sourceRuleSchema.parse({ stream: 'syslog', ...given });
const peer = (address: string, certificateName?: string) => ({
  address,
  transport: 'tcp' as const,
  ...(certificateName !== undefined && { certificateName }),
});
const streamOf = (rules: readonly object[], address: string, certificateName?: string): string | undefined =>
  new SourceMap(rules.map(rule)).find(peer(address, certificateName))?.stream;

describe('the sources of an input', () => {
  it('are found by network, the first that fits', () => {
    const rules = [
      { networks: ['10.1.0.0/16'], stream: 'one' },
      { networks: ['10.0.0.0/8', '192.0.2.7'], stream: 'two' },
      { networks: ['2001:db8::/32'], stream: 'three' },
    ];
    const found = [
      '10.1.2.3',
      '10.2.2.3',
      '192.0.2.7',
      '192.0.2.8',
      '2001:db8::5',
      '2001:db9::5',
      'unknown',
    ].map((address) => streamOf(rules, address));
    expect(found).toEqual(['one', 'two', 'two', undefined, 'three', undefined, undefined]);
  });

  it('are found for an IPv4 address that came over IPv6, and for one with a link', () => {
    expect(streamOf([{ networks: ['10.0.0.0/8'] }], '::ffff:10.0.0.1')).toBe('syslog');
    expect(streamOf([{ networks: ['fe80::/10'] }], 'fe80::1%eth0')).toBe('syslog');
    expect(plainAddress('::FFFF:192.0.2.1')).toBe('192.0.2.1');
  });

  it('are found by the name of a certificate, which others do not have', () => {
    const rules = [
      { certificate_names: ['fw-1'], stream: 'one' },
      { networks: ['10.0.0.0/8'], stream: 'two' },
    ];
    expect([
      streamOf(rules, '192.0.2.1', 'fw-1'),
      streamOf(rules, '10.0.0.1', 'fw-2'),
      streamOf(rules, '192.0.2.1', 'fw-2'),
      streamOf(rules, '192.0.2.1'),
    ]).toEqual(['one', 'two', undefined, undefined]);
  });

  it('are found by topic for records of Kafka, which no other rule takes', () => {
    const rules = [
      { networks: ['0.0.0.0/0', '::/0'], stream: 'all' },
      { topics: ['orders', '10.0.0.1'], stream: 'orders' },
    ].map(rule);
    const find = (address: string, transport: 'kafka' | 'tcp') =>
      new SourceMap(rules).find({ address, transport })?.stream;
    expect([find('orders', 'kafka'), find('bills', 'kafka'), find('10.0.0.1', 'kafka')]).toEqual([
      'orders',
      undefined,
      'orders',
    ]);
    expect([find('10.0.0.1', 'tcp'), find('orders', 'tcp')]).toEqual(['all', undefined]);
    expect(sourceRuleSchema.safeParse({ ...rules[1], networks: ['::/0'] }).success).toBe(false);
  });

  it('need both where both are named', () => {
    const both = [{ networks: ['10.0.0.0/8'], certificate_names: ['fw-1'] }];
    expect([
      streamOf(both, '10.0.0.1', 'fw-1'),
      streamOf(both, '10.0.0.1'),
      streamOf(both, '192.0.2.1', 'fw-1'),
    ]).toEqual(['syslog', undefined, undefined]);
  });

  it.each(['10.9.9.9', '172.31.0.1', '192.168.1.1', '127.0.0.1', '::1', 'fd00::1', 'fe80::1', '169.254.1.1'])(
    'are private: %s',
    (address) => {
      expect(streamOf([{ networks: PRIVATE_NETWORKS }], address)).toBe('syslog');
    },
  );

  it.each(['8.8.8.8', '172.32.0.1', '192.169.1.1', '2001:db8::1', '::ffff:8.8.8.8'])(
    'are not private: %s',
    (address) => {
      expect(streamOf([{ networks: PRIVATE_NETWORKS }], address)).toBeUndefined();
    },
  );

  it.each([
    [{}, /says nothing about who may send/],
    [{ networks: [] }, /networks/],
    [{ networks: ['10.0.0.0/33'] }, /is no network/],
    [{ networks: ['example.org'] }, /is no network/],
    [{ networks: ['::/129'] }, /is no network/],
    [{ networks: ['1.2.3.4'], tenant: 'No' }, /is no name of a tenant/],
    [{ networks: ['1.2.3.4'], source: 'A b' }, /is no name of a source/],
    [{ networks: ['1.2.3.4'], stream: '../x' }, /is no name of a stream/],
    [{ networks: ['1.2.3.4'], zone: 'Mars/Base' }, /is no zone/],
    [{ networks: ['1.2.3.4'], extra: 1 }, /extra/],
  ])('are refused with what is wrong: %j', (given, expected) => {
    const read = sourceRuleSchema.safeParse({ stream: 'syslog', ...given });
    expect(JSON.stringify(read.error?.issues)).toMatch(expected);
  });
});
