import { describe, expect, it } from 'vitest';
import { parseAnonymousBytes, parseCpuSeconds } from './proc.js';

describe('proc', () => {
  it('adds user and system time, also of a process whose name has spaces and brackets', () => {
    const stat = '4711 (node (x) y) S 1 2 3 0 -1 4194560 100 0 0 0 1234 66 7 8 20 0 11 0 12345 1000 200';
    expect(parseCpuSeconds(stat)).toBe(13);
  });

  it('reads anonymous memory in bytes', () => {
    const status = 'Name:\tnode\nVmRSS:\t  900 kB\nRssAnon:\t     512 kB\nRssFile:\t 388 kB\n';
    expect(parseAnonymousBytes(status)).toBe(512 * 1024);
    expect(parseAnonymousBytes('Name:\tnode\n')).toBeNaN();
  });
});
