import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import plugin from './index.js';

const receivedAt = parseTime('2026-11-21T12:00:00Z') ?? 0n;
const parse = (line: string | Uint8Array) => plugin.parser.parse([Buffer.from(line)], { receivedAt })[0];

function eventOf(line: string | Uint8Array): Readonly<Record<string, unknown>> {
  const parsed = parse(line);
  if (parsed?.kind !== 'event') throw new Error(`refused: ${JSON.stringify(parsed)}`);
  return parsed.event;
}

describe('a syslog line is refused, and the rule is told,', () => {
  it.each([
    ['bad_priority', '<192>1 - - - - - -', /<0> to <191>/],
    ['bad_priority', '<html>', /<0> to <191>/],
    ['bad_version', '<34>1', /version/],
    ['bad_timestamp', '<34>1 2003-10-32T22:14:15Z - - - - -', /2003-10-11T22:14:15.003Z/],
    ['bad_timestamp', '<34>1 Oct 11 22:14:15 host app: x', /with a zone/],
    ['bad_host', `<34>1 - ${'h'.repeat(256)} - - - -`, /255/],
    ['bad_application', '<34>1 - - añb - - -', /48/],
    ['bad_procid', `<34>1 - - - ${'p'.repeat(129)} - -`, /128/],
    ['bad_msgid', '<34>1 - - - - -', /32/],
    ['bad_structured_data', '<34>1 - - - - - [a x="]"] y', /each id once/],
    ['bad_structured_data', '<34>1 - - - - - [a]y', /each id once/],
    ['bad_structured_data', '<34>1 - - - - - ', /each id once/],
    ['not_syslog', 'complete and utter gobbledegook', /followed by a host/],
    ['not_syslog', '2024-05-01T10:00:00Z something', /followed by a host/],
    ['not_syslog', '2024-05-01 10:00:00,123 host app: x', /followed by a host/],
    ['not_syslog', '123: something: else', /followed by a host/],
    ['not_syslog', '<34>  ', /nothing behind/],
    ['not_syslog', '<34>', /nothing behind/],
  ])('as %s: %s', (reason, line, message) => {
    expect(parse(line)).toEqual({ kind: 'refused', reason, message: expect.stringMatching(message) });
  });
});

describe('a syslog line of RFC 3164', () => {
  it.each([
    ['<13>Oct 11 22:14:15 host app: text', { host: 'host', service: 'app', message: 'text' }],
    ['<13>Oct 11 22:14:15 host app:text ', { host: 'host', service: 'app', message: 'text ' }],
    ['<13>Oct 11 22:14:15 host  -- root[2421]: x', { host: 'host', message: '-- root[2421]: x' }],
    ['<13>Oct 11 22:14:15 host postfix/smtpd[5]: x', { service: 'postfix/smtpd', 'syslog.procid': '5' }],
    ['<13>Oct 11 22:14:15 host (sd-pam)[5]: x', { service: '(sd-pam)', message: 'x' }],
    ['<13>Oct 11 22:14:15 10.0.0.1 app: x', { host: '10.0.0.1', service: 'app' }],
    ['<13>Oct 11 22:14:15 fe80::1 app: x', { host: 'fe80::1', service: 'app' }],
    ['<13>Oct 11 22:14:15 app: x', { service: 'app', message: 'x' }],
    ['<13>Oct 11 22:14:15 app[7]:x', { service: 'app', 'syslog.procid': '7', message: 'x' }],
    [
      '<13>Oct 11 22:14:15 web-1: last message repeated 11 times',
      { host: 'web-1', message: 'last message repeated 11 times' },
    ],
    [
      '<13>Oct 11 22:14:15 web-1 message repeated 2 times: [ x]',
      { host: 'web-1', message: 'message repeated 2 times: [ x]' },
    ],
    ['<13>Oct 11 22:14:15,003 host app: x', { host: 'host', timestamp: '2026-10-11T22:14:15.003Z' }],
    ['<13> Oct 11 22:14:15 host app: x', { host: 'host', service: 'app' }],
    ['<13>OCT 11 22:14:15 host app: x', { host: 'host', timestamp: '2026-10-11T22:14:15Z' }],
    ['<13>Oct 11 22:14:15 2019 host app: x', { host: 'host', timestamp: '2019-10-11T22:14:15Z' }],
    ['<13>Oct 11 22:14:15 CEST host app: x', { host: 'host', timestamp: '2026-10-11T22:14:15+02:00' }],
    ['<13>Fri Oct 11 22:14:15 2019 host app: x', { host: 'host', timestamp: '2019-10-11T22:14:15Z' }],
    ['<13>Oct 11 22:14:15 PST-1 app: x', { host: 'PST-1', timestamp: '2026-10-11T22:14:15Z' }],
    ['<13>2024-05-01 10:00:00,5 host app: x', { host: 'host', timestamp: '2024-05-01T10:00:00.5Z' }],
    ['<13>2024-05-01T10:00:00+0200 host app: x', { host: 'host', timestamp: '2024-05-01T10:00:00+02:00' }],
    ['<30>2016:11:29-10:02:24 utm ulogd[5]: x', { host: 'utm', timestamp: '2016-11-29T10:02:24Z' }],
    ['<13>app[7]: x', { service: 'app', 'syslog.procid': '7', message: 'x' }],
    ['<13>app: x', { service: 'app', message: 'x' }],
    ['<13>Oct 11 22:14:15 host app[]: x', { service: 'app', message: 'x' }],
    ['<13>Oct 11 22:14:15 host a=1 b=2', { host: 'host', message: 'a=1 b=2' }],
    ['<13>Oct 11 22:14:15 PA-VM 1,2024/05/01,7', { host: 'PA-VM', message: '1,2024/05/01,7' }],
    ['<13>Oct 11 22:14:15 WIN MSWinEventLog\t1\tSystem', { service: 'MSWinEventLog', message: '1\tSystem' }],
    [
      '<38>Sep 22 10:11:56 Message forwarded from aix66: sshd[67]: Accepted publickey',
      { host: 'aix66', service: 'sshd', 'syslog.procid': '67', message: 'Accepted publickey' },
    ],
    ['<13>Oct 11 22:14:15 words', { message: 'words' }],
    ['<13>Oct 11 22:14:15', { timestamp: '2026-10-11T22:14:15Z', level: 'notice' }],
    ['<13>Oct 11 22:14:15 {"a": 1}', { message: '{"a": 1}' }],
    [`<13>Oct 11 22:14:15 host ${'t'.repeat(129)}: x`, { host: 'host', message: `${'t'.repeat(129)}: x` }],
  ])('%s', (line, expected) => {
    expect(eventOf(line)).toMatchObject(expected);
    const names = ['host', 'service', 'message', 'syslog.procid'].filter((name) => name in eventOf(line));
    for (const name of names) expect(eventOf(line)[name]).not.toBe('');
  });

  it('has no field for what is not there', () => {
    expect(eventOf('Oct 11 22:14:15 host app: x')).toEqual({
      timestamp: '2026-10-11T22:14:15Z',
      host: 'host',
      service: 'app',
      message: 'x',
    });
    expect(eventOf('<13>Oct 11 22:14:15 words')).not.toHaveProperty('host');
    expect(eventOf('<13>Oct 11 22:14:15 app: x')).not.toHaveProperty('host');
    expect(eventOf('<34>1 - - - - - -')).not.toHaveProperty('message');
  });

  it('is warned of where its year is assumed', () => {
    expect(parse('Oct 11 22:14:15 host app: x')).toMatchObject({
      warnings: [expect.stringContaining('no year')],
    });
    expect(parse('<13>Oct 11 2026 22:14:15 host app: x')).not.toHaveProperty('warnings');
  });

  it('that is no UTF-8 is read with replacements', () => {
    const line = Buffer.from('<34>Oct 11 22:14:15 host app: caf\u00e9', 'latin1');
    expect(eventOf(line)).toMatchObject({ host: 'host', message: 'caf\ufffd' });
  });
});
