import { describe, expect, it } from 'vitest';
import { SURE } from '#plugin-kit';
import { sniffLogfmt } from './sniff-logfmt.js';

const sniff = (text: string): number => sniffLogfmt(Buffer.from(text));

describe('logfmt is recognised', () => {
  it.each([
    'level=info msg="started" port=8080',
    'ts=2026-11-20T12:00:00Z caller=main.go:1 level=warn',
    'at=info method=GET path="/" host=example.org',
    'a=1 b=2',
    'a= b=2',
    'a="x y" b=2',
    'a=b',
  ])('as a guess: %s', (line) => {
    expect(sniff(line)).toBeGreaterThan(0);
    expect(sniff(line)).toBeLessThan(SURE);
  });

  it('the surer the more it looks like a logger', () => {
    const lines = ['a=b', 'a=1 b=2', 'level=info msg=x'];
    const sure = lines.map(sniff);
    expect(sure).toEqual([...sure].sort((a, b) => a - b));
    expect(new Set(sure).size).toBe(3);
  });

  it.each([
    '',
    '=',
    'words only',
    'words and a=1',
    'x = 5',
    'x == 5',
    'if x=y then',
    '{"a":"b=c"}',
    '<134>date=2026-11-20 time=12:00:00 a=b',
    'CEF:0|a|b|1|2|n|5|src=1 dst=2',
    'LEEF:1.0|a|b|1|2|src=1\tdst=2',
    '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /?a=b HTTP/1.0" 200 2326',
    'Dec 10 06:55:46 LabSZ sshd[24200]: user=a host=b',
    '2026-11-20T12:00:00Z level=info msg=x',
    'http://example.org/?a=b c=d',
    '081109 203615 148 INFO dfs.DataNode: src=a dst=b',
  ])('not: %s', (line) => {
    expect(sniff(line)).toBe(0);
  });
});
