import { describe, expect, it } from 'vitest';
import { syslogShare } from './syslog-share.js';

const LINE = 'Jun  4 15:16:01 combo sshd(pam_unix)[19939]: check pass';
const EVENT = { timestamp: '2026-06-04T15:16:01.000000000Z', host: 'combo', service: 'sshd(pam_unix)' };

describe('the share of syslog lines that are right', () => {
  it('counts those with the host, the program and the time of the line', () => {
    expect(syslogShare([[LINE, EVENT]])).toEqual({ right: 1, wrong: [] });
    for (const spoiled of [{ host: 'x' }, { service: 'sshd' }, { timestamp: '2026-06-04T15:16:02Z' }])
      expect(syslogShare([[LINE, { ...EVENT, ...spoiled }]])).toEqual({ right: 0, wrong: [LINE] });
    expect(
      syslogShare([
        [LINE, EVENT],
        ['no syslog', EVENT],
      ]).right,
    ).toBe(0.5);
  });
});
