// Makes the bucket of the archives where it is missing; by the same settings as the appliance: make-bucket.mjs
import { readFileSync } from 'node:fs';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';

const { env } = process;
const Bucket = env.S3_BUCKET;

try {
  const client = new S3Client({
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION ?? 'us-east-1',
    forcePathStyle: env.S3_PATH_STYLE === 'on',
    credentials: {
      accessKeyId: env.S3_ACCESS_KEY_ID,
      secretAccessKey: readFileSync(env.S3_SECRET_ACCESS_KEY_FILE, 'utf8').trim(),
    },
  });
  const isThere = await client.send(new HeadBucketCommand({ Bucket })).then(
    () => true,
    (error) => {
      if (error.$metadata?.httpStatusCode === 404) return false;
      throw error;
    },
  );
  if (!isThere) await client.send(new CreateBucketCommand({ Bucket }));
  console.log(`The bucket ${Bucket} is there.`);
} catch (error) {
  const isRefused = error.$metadata?.httpStatusCode === 403;
  const why = isRefused
    ? `the key ${env.S3_ACCESS_KEY_ID} is not let in, or may not see the bucket: S3_SECRET_ACCESS_KEY_FILE`
    : `${error.name}: ${error.message}`;
  console.error(`The bucket ${Bucket} could not be made at ${env.S3_ENDPOINT}: ${why}`);
  process.exitCode = 1;
}
