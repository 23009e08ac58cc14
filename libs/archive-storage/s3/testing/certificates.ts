import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Makes an authority and a certificate of `localhost` (127.0.0.1) in a directory: `ca.pem`, `server.pem`, `server.key`. */
export async function makeCertificates(
  directory: string,
): Promise<{ ca: string; cert: string; key: string }> {
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', args, { cwd: directory });
  const key = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`];
  await openssl('req', '-x509', ...key('ca'), '-out', 'ca.pem', '-days', '2', '-subj', '/CN=authority');
  const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  await openssl('req', ...key('server'), '-out', 'server.csr', '-subj', '/CN=localhost', ...names);
  const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
  await openssl('x509', '-req', '-in', 'server.csr', ...ca, '-out', 'server.pem', '-days', '2');
  const at = (name: string): string => join(directory, name);
  return { ca: at('ca.pem'), cert: at('server.pem'), key: at('server.key') };
}
