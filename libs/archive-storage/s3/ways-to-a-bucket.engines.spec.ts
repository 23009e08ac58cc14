import dns from 'node:dns';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { s3 as engineKind } from '../../../tools/engines/s3.mjs';
import { startEngine } from '../../../tools/engines/start-engine.mjs';
import { CheckedStorage } from '../checked-storage.js';
import type { BucketPlace } from '../storage-place.js';
import { readAll, textContent } from '../testing/index.js';
import { S3Store } from './s3-store.js';
import { makeCertificates } from './testing/certificates.js';
import { placeOf, startTestS3 } from './testing/test-s3.js';

const s3 = await startTestS3();
afterAll(() => s3.stop());
const PATIENCE = { connectMs: 1_000, silentMs: 5_000, answerMs: 20_000 };

async function roundTrip(place: BucketPlace): Promise<string> {
  const storage = new CheckedStorage(new S3Store(place, PATIENCE));
  try {
    await storage.put('deep/a.json', textContent('there and back'));
    return String(await readAll(await storage.get('deep/a.json')));
  } finally {
    await storage.stop();
  }
}

describe('without a key in the settings', () => {
  const { credentials, ...place } = s3.place();
  const key = { id: String(credentials?.accessKeyId), secret: String(credentials?.secretAccessKey()) };
  let folder: string;

  /** None of this machine's own is found. */
  async function alone(): Promise<void> {
    folder = await mkdtemp(join(tmpdir(), 'alluvium-aws-'));
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  }

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes that of the environment', async () => {
    await alone();
    vi.stubEnv('AWS_ACCESS_KEY_ID', key.id);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', key.secret);
    expect(await roundTrip(place)).toBe('there and back');
  });

  it('takes that of AWS’ own file', async () => {
    await alone();
    const lines = ['[default]', `aws_access_key_id = ${key.id}`, `aws_secret_access_key = ${key.secret}`];
    await writeFile(join(folder, 'credentials'), lines.join('\n'));
    expect(await roundTrip({ ...place, prefix: 'by-file/' })).toBe('there and back');
  });

  it('takes that of the machine’s role', async () => {
    await alone();
    const role = { Code: 'Success', AccessKeyId: key.id, SecretAccessKey: key.secret, Token: '' };
    const metadata = createServer(({ url }, to) => {
      if (url?.endsWith('/api/token')) to.end('token');
      else if (url?.endsWith('/security-credentials/')) to.end('archiver');
      else to.end(JSON.stringify({ ...role, Expiration: new Date(Date.now() + 3_600_000).toISOString() }));
    });
    await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'false');
    const { port } = metadata.address() as AddressInfo;
    vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', `http://127.0.0.1:${port}`);
    try {
      expect(await roundTrip({ ...place, prefix: 'by-role/' })).toBe('there and back');
    } finally {
      metadata.close();
    }
  });

  it('says that there is none', async () => {
    await alone();
    await expect(roundTrip(place)).rejects.toThrow(/S3_ACCESS_KEY_ID/);
  });
});

describe.runIf(s3.engine)('a bucket of another kind', () => {
  it('is reached with TLS where its authority is known, and not where it isn’t', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alluvium-s3-tls-'));
    const { ca, ...tls } = await makeCertificates(folder);
    const engine = await startEngine(engineKind, { tls });
    try {
      const place = placeOf(engine.variables);
      expect(place.endpoint).toMatch(/^https:/);
      expect(await roundTrip({ ...place, ca: await readFile(ca, 'utf8') })).toBe('there and back');
      await expect(roundTrip(place)).rejects.toThrow(/S3_TLS_CA/);
    } finally {
      await engine.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('is asked for by the name of its host', async () => {
    const engine = await startEngine(engineKind, { virtualHost: 'localhost' });
    const asked: string[] = [];
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
      ...[name, options, callback]: [string, dns.LookupOptions, (...answer: unknown[]) => void]
    ) => {
      asked.push(name);
      if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      else callback(null, '127.0.0.1', 4);
    }) as typeof dns.lookup);
    try {
      const place = placeOf(engine.variables);
      const endpoint = String(place.endpoint).replace('127.0.0.1', 'localhost');
      expect(await roundTrip({ ...place, endpoint, pathStyle: false })).toBe('there and back');
      expect(asked).toContain(`${place.bucket}.localhost`);
    } finally {
      lookup.mockRestore();
      await engine.stop();
    }
  });
});
