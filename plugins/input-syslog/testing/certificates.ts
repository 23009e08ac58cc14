import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** An authority, a server's certificate, a client's, and one of a stranger. */
export async function makeCertificates(directory: string): Promise<void> {
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', args, { cwd: directory });
  const key = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    `${name}.key`,
  ];
  await openssl('req', '-x509', ...key('ca'), '-out', 'ca.pem', '-days', '2', '-subj', '/CN=authority');
  await openssl(
    'req',
    '-x509',
    ...key('stranger'),
    '-out',
    'stranger.pem',
    '-days',
    '2',
    '-subj',
    '/CN=fw-1',
  );
  for (const [name, subject, more] of [
    ['server', '/CN=localhost', ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']],
    ['client', '/CN=fw-1', []],
  ] as const) {
    await openssl('req', ...key(name), '-out', `${name}.csr`, '-subj', subject, ...more);
    const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...ca, '-out', `${name}.pem`, '-days', '2');
  }
}
