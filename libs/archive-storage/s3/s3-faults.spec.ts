import { expect, it } from 'vitest';
import { s3Fault } from './s3-faults.js';

const fault = (name: string, status?: number, message = 'x') =>
  s3Fault(
    Object.assign(new Error(message), { name, ...(status && { $metadata: { httpStatusCode: status } }) }),
    'put a.json',
  );
const system = (code: string) => s3Fault(Object.assign(new Error('x'), { code }), 'put a.json');

it('tells what may pass from what a setting mends, and names it', () => {
  for (const [error, setting] of [
    [fault('NoSuchBucket', 404), /S3_BUCKET/],
    [fault('InvalidAccessKeyId', 403), /S3_ACCESS_KEY_ID.*S3_SECRET_ACCESS_KEY_FILE/],
    [fault('SignatureDoesNotMatch', 403), /S3_SECRET_ACCESS_KEY/],
    [fault('CredentialsProviderError', undefined, 'Could not load credentials'), /S3_ACCESS_KEY_ID/],
    [fault('AccessDenied', 403), /S3_PREFIX/],
    [fault('PermanentRedirect', 301), /S3_REGION/],
    [fault('RequestTimeTooSkewed', 403), /clock/],
    [fault('NotImplemented', 501), /conditional/],
    [fault('MethodNotAllowed', 405), /S3_ENDPOINT/],
    [system('SELF_SIGNED_CERT_IN_CHAIN'), /S3_TLS_CA/],
  ] as const) {
    expect(error).toMatchObject({ code: 'archive_storage_refused', retryable: false });
    expect(error.message).toMatch(setting);
  }
  for (const error of [
    fault('SlowDown', 503),
    fault('InternalError', 500),
    fault('TooManyRequests', 429),
    fault('ConditionalRequestConflict', 409),
    fault('BadDigest', 400),
    fault('NoSuchUpload', 404),
    fault('TimeoutError'),
    system('ECONNREFUSED'),
    s3Fault('text', 'put'),
  ])
    expect(error).toMatchObject({ code: 'archive_storage_unavailable', retryable: true });
  expect(fault('NoSuchKey', 404).code).toBe('archive_object_missing');
  expect(fault('InvalidRange', 416).code).toBe('archive_range_outside');
  expect(fault('SlowDown', 503).message).toBe(
    'Could not put a.json. The store is overloaded or has a fault: it is tried again. (SlowDown: x)',
  );
});
