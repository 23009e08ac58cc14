import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SERVER_LIMITS } from './server-options.js';
import { TEST_CERTIFICATE } from './testing/test-certificate.js';
import { startTestApi, type TestApi } from './testing/test-api.js';

let api: TestApi;
let port: number;

beforeAll(async () => {
  api = await startTestApi({ tls: TEST_CERTIFICATE });
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  port = (api.app.getHttpServer().address() as AddressInfo).port;
});
afterAll(() => api.stop());

it('answers over TLS with the certificate of the settings', async () => {
  const status = await new Promise((resolve, reject) =>
    request({ host: '127.0.0.1', port, path: '/health/live', ca: TEST_CERTIFICATE.cert }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end(),
  );
  expect(status).toBe(200);
});

it('refuses what is older than TLS 1.2', async () => {
  const error = await new Promise<Error>((resolve) =>
    connect({
      host: '127.0.0.1',
      port,
      ca: TEST_CERTIFICATE.cert,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
    }).on('error', resolve),
  );
  expect(error.message).toMatch(/protocol|version|alert/i);
});

it('cuts off slow and greedy clients as the limits say', () => {
  expect(api.app.getHttpServer()).toMatchObject({
    headersTimeout: SERVER_LIMITS.headersTimeout,
    requestTimeout: SERVER_LIMITS.requestTimeout,
  });
});
