import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TEST_CERTIFICATE } from '../../apps/api/testing/test-certificate.js';
import { examine } from '../../apps/cli/commands/doctor/examine.js';
import type { Machine } from '../../apps/cli/commands/doctor/machine/machine.js';
import { testMachine } from '../../apps/cli/commands/doctor/testing/test-machine.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alluvium-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const DAY_MS = 86_400_000;
const END_MS = Date.parse('2126-10-28T06:25:49Z');

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** What is found of TLS with these two files. */
async function findingsOf(cert: string, key: string, parts: Partial<Machine> = {}) {
  const env = {
    ALLUVIUM_DATA_DIR: folder,
    ALLUVIUM_HTTP_PORT: '0',
    ALLUVIUM_TLS_CERT: cert,
    ALLUVIUM_TLS_KEY: key,
  };
  const findings = await examine(testMachine(env, parts));
  return findings.filter(({ check, status }) => check === 'tls' && status !== 'ok');
}

const good = () =>
  [write('cert.pem', TEST_CERTIFICATE.cert), write('key.pem', TEST_CERTIFICATE.key)] as const;

it('has nothing to say of a certificate and its key', async () => {
  expect(await findingsOf(...good())).toEqual([]);
});

it('names files that are not what they should be, both at once', async () => {
  const [cert, key] = good();
  const found = await findingsOf(key, cert);
  expect(found.map(({ what, where }) => [what, where])).toEqual([
    ['The file holds no certificate in PEM form.', `ALLUVIUM_TLS_CERT, ${key}`],
    ['The file holds no private key in PEM form, or one with a passphrase.', `ALLUVIUM_TLS_KEY, ${cert}`],
  ]);
  expect(found.every(({ status, mend }) => status === 'problem' && mend?.includes('-----BEGIN'))).toBe(true);
});

it('names a key of another certificate', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = write('other.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const [found] = await findingsOf(good()[0], other);
  expect(found).toMatchObject({
    status: 'problem',
    what: 'The private key does not belong to the certificate.',
    where: `ALLUVIUM_TLS_KEY, ${other}`,
  });
});

it('warns of a certificate that ends soon, and names one that has ended or has not begun', async () => {
  const at = async (ms: number) => (await findingsOf(...good(), { wallMs: () => ms }))[0];
  expect(await at(END_MS - 5 * DAY_MS)).toMatchObject({
    status: 'warning',
    what: expect.stringContaining('ends soon'),
  });
  expect(await at(END_MS + DAY_MS)).toMatchObject({
    status: 'problem',
    what: expect.stringContaining('ended on'),
  });
  expect(await at(0)).toMatchObject({ status: 'problem', what: expect.stringContaining('valid only from') });
});

it('warns of a key that others may read', async () => {
  const [cert] = good();
  const [found] = await findingsOf(cert, write('open.pem', TEST_CERTIFICATE.key, 0o644));
  expect(found).toMatchObject({ status: 'warning', what: expect.stringContaining('(644)') });
  expect(found?.mend).toContain('chmod 600');
});
