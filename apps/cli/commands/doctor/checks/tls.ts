import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';

const DAY_MS = 86_400_000;
/** Days before its end at which a certificate is warned of. */
const SOON_DAYS = 21;
/** Rights of others than the owner. */
const OTHERS = 0o077;

/** Whether HTTPS could be served: both files are what they should be, belong together and are in their time. */
export function checkTls({ settings: { boot }, machine }: DoctorContext): readonly Finding[] {
  const { tlsCert, tlsKey } = boot;
  if (tlsCert === undefined || tlsKey === undefined) return [];
  const certificate = parse(() => new X509Certificate(machine.readText(tlsCert) ?? ''));
  const key = parse(() => createPrivateKey(machine.readText(tlsKey) ?? ''));
  return [
    ...(certificate ? checkTime(certificate, tlsCert, machine.wallMs()) : [noCertificate(tlsCert)]),
    ...(key ? checkRights(tlsKey) : [noKey(tlsKey)]),
    ...(certificate && key ? checkPair(certificate, key, tlsKey) : []),
  ];
}

function parse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function noCertificate(path: string): Finding {
  return problem('tls', {
    what: 'The file holds no certificate in PEM form.',
    where: `ALLUVIUM_TLS_CERT, ${path}`,
    mend: 'Name the file that begins with "-----BEGIN CERTIFICATE-----": the own certificate first, then those that signed it.',
  });
}

function noKey(path: string): Finding {
  return problem('tls', {
    what: 'The file holds no private key in PEM form, or one with a passphrase.',
    where: `ALLUVIUM_TLS_KEY, ${path}`,
    mend: 'Name the file that begins with "-----BEGIN PRIVATE KEY-----"; openssl pkey -in FILE -out NEW takes a passphrase away.',
  });
}

function checkPair(certificate: X509Certificate, key: KeyObject, path: string): readonly Finding[] {
  if (certificate.checkPrivateKey(key)) return [fine('tls', 'The key belongs to the certificate.')];
  return [
    problem('tls', {
      what: 'The private key does not belong to the certificate.',
      where: `ALLUVIUM_TLS_KEY, ${path}`,
      mend: 'Name the key that the certificate was made for.',
    }),
  ];
}

function checkTime({ validFrom, validTo }: X509Certificate, path: string, nowMs: number): readonly Finding[] {
  const where = `ALLUVIUM_TLS_CERT, ${path}`;
  const leftDays = (Date.parse(validTo) - nowMs) / DAY_MS;
  const renew = 'Have it renewed, and start the server anew with the new files.';
  if (Date.parse(validFrom) > nowMs)
    return [
      problem('tls', {
        what: `The certificate is valid only from ${validFrom}.`,
        where,
        mend: 'Look at the clock of this machine, or take another certificate.',
      }),
    ];
  if (leftDays < 0)
    return [problem('tls', { what: `The certificate ended on ${validTo}.`, where, mend: renew })];
  if (leftDays < SOON_DAYS)
    return [warning('tls', { what: `The certificate ends soon, on ${validTo}.`, where, mend: renew })];
  return [fine('tls', `The certificate is valid until ${validTo}.`, where)];
}

function checkRights(path: string): readonly Finding[] {
  const mode = parse(() => statSync(path).mode) ?? 0;
  if ((mode & OTHERS) === 0) return [];
  return [
    warning('tls', {
      what: `Others than its owner have rights to the private key (${(mode & 0o777).toString(8)}).`,
      where: `ALLUVIUM_TLS_KEY, ${path}`,
      mend: `chmod 600 ${path}, with the user of the server as its owner.`,
    }),
  ];
}
