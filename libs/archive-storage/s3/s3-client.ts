import { S3Client } from '@aws-sdk/client-s3';
import type { BucketPlace } from '../storage-place.js';

/** Milliseconds. */
export interface Patience {
  readonly connectMs: number;
  /** Without a byte either way. */
  readonly silentMs: number;
  /** Until an answer begins, with all that is sent before: a part of 8 MiB over a slow line. */
  readonly answerMs: number;
}

export const PATIENCE: Patience = { connectMs: 5_000, silentMs: 30_000, answerMs: 180_000 };
/** Of a request, the first one counted; each waits longer than the one before. */
const TRIES = 4;
const SOCKETS = 16;

/** The library's client of a place. It reaches nothing before it is used. */
export function s3Client(
  place: BucketPlace,
  { connectMs, silentMs, answerMs }: Patience = PATIENCE,
): S3Client {
  const { endpoint, region, credentials, ca } = place;
  const agent = { keepAlive: true, maxSockets: SOCKETS };
  return new S3Client({
    ...(endpoint !== undefined && { endpoint }),
    region,
    forcePathStyle: place.pathStyle,
    ...(credentials && {
      credentials: async () => ({
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey(),
      }),
    }),
    maxAttempts: TRIES,
    // Sums are our own, of the whole object and of each part; not every store knows those that the library would add.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: silentMs,
      httpAgent: agent,
      httpsAgent: { ...agent, ...(ca !== undefined && { ca }) },
    },
  });
}
