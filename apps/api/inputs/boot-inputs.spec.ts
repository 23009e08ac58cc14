import { describe, expect, it } from 'vitest';
import { loadSettings } from '#app-config';
import { bootInputs } from './boot-inputs.js';

const inputsOf = (env: Record<string, string>) => {
  const names = Object.entries(env).map(([name, value]) => [`ALLUVIUM_${name}`, value]);
  return bootInputs(loadSettings({ env: Object.fromEntries(names), readText: () => 'pem' }).boot);
};
const problemOf = (env: Record<string, string>): string => {
  try {
    inputsOf(env);
    return '';
  } catch (error) {
    return JSON.stringify(error);
  }
};

describe('the inputs that settings ask for', () => {
  it('are none where no port is set', () => {
    expect(inputsOf({ SYSLOG_HOST: '127.0.0.1' })).toEqual([]);
  });

  it('are one for syslog, for private networks', () => {
    const [input, ...more] = inputsOf({ SYSLOG_UDP_PORT: '514', SYSLOG_TCP_PORT: '601' });
    expect(more).toEqual([]);
    expect(input).toMatchObject({
      ...{ name: 'syslog', kind: 'syslog', enabled: true },
      options: { host: '::', udp_port: 514, tcp_port: 601 },
      sources: [{ tenant: 'default', stream: 'syslog' }],
    });
    expect(input?.sources[0]?.networks).toContain('10.0.0.0/8');
  });

  it('have a certificate of their own, or that of HTTPS', () => {
    const own = { SYSLOG_TLS_CERT: 's.pem', SYSLOG_TLS_KEY: 's.key', SYSLOG_TLS_CA: 'ca.pem' };
    const https = { TLS_CERT: 'h.pem', TLS_KEY: 'h.key', SYSLOG_TLS_PORT: '6514' };
    expect(inputsOf({ ...https, ...own })[0]?.options['tls']).toEqual({
      ...{ cert_file: 's.pem', key_file: 's.key', ca_file: 'ca.pem' },
    });
    expect(inputsOf(https)[0]?.options['tls']).toEqual({ cert_file: 'h.pem', key_file: 'h.key' });
  });

  it('are refused where TLS has no certificate, or one without its key', () => {
    expect(problemOf({ SYSLOG_TLS_PORT: '6514' })).toContain('ALLUVIUM_SYSLOG_TLS_PORT');
    expect(problemOf({ SYSLOG_TLS_PORT: '6514', SYSLOG_TLS_CERT: 'a' })).toContain(
      'ALLUVIUM_SYSLOG_TLS_PORT',
    );
  });
});
