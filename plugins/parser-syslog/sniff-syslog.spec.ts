import { describe, expect, it } from 'vitest';
import { SURE } from '#plugin-kit';
import { sniffSyslog } from './sniff-syslog.js';

const sniff = (text: string): number => sniffSyslog(Buffer.from(text));

describe('syslog is recognised', () => {
  it.each([
    '<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - x',
    '<0>1 - - - - - -',
    '<191>999 - - - - - -',
    "<34>Oct 11 22:14:15 mymachine su: 'su root' failed",
    '<34>Oct  1 22:14:15 h a: x',
    '<34>Oct 1 22:14:15 h a: x',
    '<13>Mar  1 2019 18:46:11 fw1 asa: x',
    'Dec 10 06:55:46 LabSZ sshd[24200]: Invalid user webmaster',
    'Jan 5 10:01:00 host app: x',
    'Mar  1 2019 18:46:11 fw1 asa: x',
    '<13>OCT 11 22:14:15 h a: x',
    '<189>29: core-1: *Mar  1 18:46:11: %SYS-5-CONFIG_I: Configured',
    'date=2024-03-01 time=18:46:11 devname="F"',
  ])('for sure: %s', (line) => {
    expect(sniff(line)).toBeGreaterThanOrEqual(SURE);
  });

  it.each([
    '<7>words',
    '<34> 2003-10-11T22:14:15.003Z x',
    '2024-05-01T10:00:00.123456+02:00 web-1 systemd[1]: Started Session 4.',
    '2024-05-01T10:00:00Z web-1 kernel: eth0: link up',
    '1 2003-10-11T22:14:15.003Z h app - ID47 - x',
    '2003-10-11T22:14:15.003Z h app - ID47 [e@1 a="b"] x',
    '000123: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: Configured',
    '*Mar  1 18:46:11.123: %SYS-5-CONFIG_I: Configured',
    '<34>Oct 11 22:14:15 h CEF:0|v|p|1|2|n|3|',
    '<34>1 2003-10-11T22:14:15.003Z h app - - - LEEF:1.0|v|p|1|2|',
    'Oct 11 22:14:15 h CEF:0|v|p|1|2|n|3|',
  ])('as a guess: %s', (line) => {
    expect(sniff(line)).toBeGreaterThan(0);
    expect(sniff(line)).toBeLessThan(SURE);
  });

  it.each([
    '',
    '<',
    '<html>',
    '<192>Oct 11 22:14:15 h a: x',
    '{"message":"x"}',
    'May the force be with you',
    'Oct 11 is a day',
    'Foo 10 06:55:46 LabSZ sshd[24200]: x',
    '[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok',
    '081109 203615 148 INFO dfs.DataNode$PacketResponder: x',
    '2015-10-18 18:01:47,978 INFO [main] org.apache.hadoop: x',
    '2024-05-01T10:00:00Z INFO app: started',
    '12:00:01 *** started: %d',
    '2024-05-01T10:00:00Z worker started job 42 - ok',
    'date=today time=now',
    '2024-05-01T10:00:00Z something happened here',
    '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326',
  ])('not: %s', (line) => {
    expect(sniff(line)).toBe(0);
  });
});
