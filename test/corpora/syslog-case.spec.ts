import { describe, expect, it } from 'vitest';
import { differences, inputOf, zoneOf, type SyslogCase } from './syslog-case.js';

const makeCase = (fields: Record<string, unknown>, more: Partial<SyslogCase> = {}): SyslogCase => ({
  id: 'x',
  input: 'ü',
  expect: { ok: true, fields },
  ...more,
});
const event = (fields: Record<string, unknown>) => ({ kind: 'event', event: fields }) as const;
const refused = { kind: 'refused', reason: 'no', message: '' } as const;

describe('a case of a public suite', () => {
  it('agrees where its fields are ours under other names', () => {
    const found = event({
      timestamp: '2020-01-05T15:33:03Z',
      host: 'h',
      service: 'a',
      message: 'm\ufffd',
      'syslog.procid': '7',
      'syslog.structured_data.a.b.x': '1',
      'syslog.structured_data.e': {},
    });
    const message = { base64: Buffer.from([0x6d, 0xff]).toString('base64') };
    const fields = { hostname: 'h', appname: 'a', proc_id: 7, message, msgid: null, timestamp_epoch: 5 };
    const list = [
      { identity: 'a.b', parameters: { x: '1' } },
      { identity: 'e', parameters: {} },
    ];
    expect(
      differences(makeCase({ ...fields, structured_data: { 'a.b': { x: '1' }, e: {} } }), found),
    ).toEqual([]);
    expect(differences(makeCase({ structured_data: list }), found)).toEqual([]);
    const tagged = event({ message: 'm ', 'syslog.procid': '7' });
    expect(differences(makeCase({ content: '[7]: m' }), tagged)).toEqual([]);
    for (const time of ['2020-01-05T15:33:03 (Local)', '2020-01-05T16:33:03+01:00', 'Jan  5 15:33:03'])
      expect(differences(makeCase({ timestamp: time }), found)).toEqual([]);
  });

  it('differs by a field, by a time, and by being taken', () => {
    const found = event({ host: 'h', timestamp: '2020-01-05T15:33:03Z' });
    expect(differences(makeCase({ hostname: 'x', message: 'm' }), found)).toHaveLength(2);
    expect(differences(makeCase({ timestamp: 'Jan  6 15:33:03' }), found)).toHaveLength(1);
    expect(differences(makeCase({ timestamp: null }), found)).toHaveLength(1);
    expect(differences(makeCase({}), refused)).toEqual(['we refuse it']);
    expect(differences(makeCase({}, { expect: { ok: false } }), found)).toEqual(['the peer refuses it']);
    expect(differences(makeCase({}, { expect: { ok: false } }), refused)).toEqual([]);
    expect(differences(makeCase({}, { expect: { ok: false }, mode: 'strict' }), found)).toEqual([]);
  });

  it('is of the zone that its peer was told', () => {
    expect(zoneOf(makeCase({}, { options: { tz: 'Some(chrono_tz::Europe::Paris)' } }))).toBe('Europe/Paris');
    expect(zoneOf(makeCase({}, { options: { tz: 'Some(tz)' } }))).toBeUndefined();
    expect(zoneOf(makeCase({}))).toBeUndefined();
  });

  it('is text, or bytes in base64', () => {
    expect(inputOf(makeCase({})).toString()).toBe('ü');
    expect([...inputOf(makeCase({}, { input: null, input_base64: '/w==' }))]).toEqual([255]);
  });
});
