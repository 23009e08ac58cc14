import { randomUUID } from 'node:crypto';
import { s3 } from '../../../../tools/engines/s3.mjs';
import { startEngine, type RunningEngine } from '../../../../tools/engines/start-engine.mjs';
import type { BucketPlace } from '../../storage-place.js';

/** An object store for tests. */
export interface TestS3 {
  /** The process; undefined where `S3_ENDPOINT` names a store that runs elsewhere. */
  readonly engine: RunningEngine | undefined;
  /** A place in its bucket where nothing is yet. */
  place(): BucketPlace;
  stop(): Promise<void>;
}

/** The store that `S3_ENDPOINT` names; else one of this test run's own. */
export async function startTestS3(): Promise<TestS3> {
  if (process.env['S3_ENDPOINT'] !== undefined)
    return { engine: undefined, place: () => placeOf(process.env), stop: async () => undefined };
  const engine = await startEngine(s3, { password: randomUUID() });
  return { engine, place: () => placeOf(engine.variables), stop: () => engine.stop() };
}

/** What variables say, below a folder of its own. */
export function placeOf(variables: Readonly<Record<string, string | undefined>>): BucketPlace {
  const { S3_ENDPOINT: endpoint = '', S3_BUCKET: bucket = '', S3_REGION: region = 'us-east-1' } = variables;
  return {
    ...{ endpoint, bucket, region, prefix: `test-${randomUUID()}/` },
    pathStyle: variables['S3_PATH_STYLE'] !== 'false',
    credentials: {
      accessKeyId: String(variables['S3_ACCESS_KEY_ID']),
      secretAccessKey: () => String(variables['S3_SECRET_ACCESS_KEY']),
    },
  };
}
