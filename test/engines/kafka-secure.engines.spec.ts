import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { kafka } from '../../tools/engines/kafka.mjs';
import { startEngine } from '../../tools/engines/start-engine.mjs';
import { makeCertificates } from '../inputs/certificates.js';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const folder = await mkdtemp(join(tmpdir(), 'alluvium-kafka-secure-'));
const files = await makeCertificates(folder);
const [ca, cert, key] = await Promise.all(
  [files.ca, files.cert, files.key].map((path) => readFile(path, 'utf8')),
);
const other = join(folder, 'other');
await writeFile(`${other}.pem`, cert ?? '');
const engine = await startEngine(kafka, {
  tls: { ca: ca ?? '', cert: cert ?? '', key: key ?? '' },
  users: [{ name: 'alluvium', password: 'right' }],
});
let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());
afterAll(async () => {
  await engine.stop();
  await rm(folder, { recursive: true, force: true });
});

const environment = (mechanism: string): Record<string, string> => ({
  KAFKA_BROKERS: String(engine.variables['KAFKA_SECURE_BROKERS']),
  KAFKA_TOPIC_PREFIX: `secure-${randomUUID()}`,
  KAFKA_PARTITIONS: '1',
  KAFKA_TLS: 'on',
  KAFKA_TLS_CA: files.ca,
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: 'alluvium',
  KAFKA_SASL_PASSWORD: 'right',
});

describe('brokers that want TLS and a password', () => {
  it.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])('carry events with %s', async (mechanism) => {
    const client = { KAFKA_TLS_CERT: files.cert, KAFKA_TLS_KEY: files.key };
    appliance = await startAppliance({
      env: { ...environment(mechanism), ...(mechanism === 'PLAIN' && client) },
    });
    const body = Buffer.from('{"message":"kept"}\n');
    const sent = await new ApiClient(appliance).send('default', body, { prefer: 'wait=30' });
    expect(sent.body).toMatchObject({ accepted: 1, stored: 1 });
    expect(appliance.output()).not.toContain('"right"');
  });

  it.each([
    ['another password', { KAFKA_SASL_PASSWORD: 'wrong' }, 'KAFKA_SASL_PASSWORD'],
    ['an authority that is not theirs', { KAFKA_TLS_CA: `${other}.pem` }, 'KAFKA_TLS_CA'],
    ['no TLS', { KAFKA_TLS: 'off', KAFKA_TLS_CA: '' }, 'KAFKA_TLS'],
  ])('are not reached with %s, and the setting is named', async (_what, wrong, named) => {
    const env = { ...environment('SCRAM-SHA-256'), ...wrong };
    await expect(startAppliance({ env, startTimeoutMs: 12_000 })).rejects.toThrow(named);
  });
});
