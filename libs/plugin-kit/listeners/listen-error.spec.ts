import { describe, expect, it } from 'vitest';
import { listenAt, listenError } from './listen-error.js';

const place = { transport: 'udp', host: '::', port: 514 } as const;
const failure = (code: string): Error => Object.assign(new Error(code), { code });

describe('a listener that can not listen', () => {
  it.each([
    ['EADDRINUSE', /udp port 514 of :: is in use/, /choose another port/],
    ['EACCES', /may not be used by this process/, /1024/],
    ['EADDRNOTAVAIL', /has no address/, /address of this machine/],
    ['EOTHER', /EOTHER/, /Correct the host/],
  ])('says why, and what mends it: %s', (code, what, mend) => {
    const error = listenError(failure(code), place);
    expect(error.message).toMatch(what);
    expect(error.mend).toMatch(mend);
    expect([error.code, error.retryable]).toEqual(['input_start_failed', true]);
  });

  it('listens at all addresses of IPv4 where there is no IPv6, and only then', async () => {
    const at = (failing: string, code: string) => async (host: string) => {
      if (host === failing) throw failure(code);
      return host;
    };
    expect(await listenAt('::', at('::', 'EAFNOSUPPORT'))).toBe('0.0.0.0');
    expect(await listenAt('::', at('none', ''))).toBe('::');
    await expect(listenAt('::', at('::', 'EADDRINUSE'))).rejects.toThrow('EADDRINUSE');
    await expect(listenAt('::1', at('::1', 'EAFNOSUPPORT'))).rejects.toThrow('EAFNOSUPPORT');
  });
});
