import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectContent } from '../object-content.js';
import { eachOf, inParts, PART_BYTES, partBytesOf } from './parts.js';
import { isTaken, isUploadGone, s3Fault } from './s3-faults.js';

/** Parts that are under way at once; each is held in memory. */
const PARTS_AT_ONCE = 3;

/** Where an object is to be, and until when the store locks it. */
export interface Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly ObjectLockMode?: 'GOVERNANCE' | 'COMPLIANCE';
  readonly ObjectLockRetainUntilDate?: Date;
}

interface Begun {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

/** Puts an object, in parts where it is large, unless one is there. */
export function upload(
  client: S3Client,
  target: Target,
  content: ObjectContent,
): Promise<'stored' | 'exists'> {
  return content.bytes <= PART_BYTES ? putWhole(client, target, content) : putParts(client, target, content);
}

async function putWhole(
  client: S3Client,
  target: Target,
  content: ObjectContent,
): Promise<'stored' | 'exists'> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of content.open()) pieces.push(chunk);
  try {
    await client.send(
      new PutObjectCommand({
        ...target,
        Body: Buffer.concat(pieces),
        ChecksumSHA256: Buffer.from(content.sha256, 'hex').toString('base64'),
        IfNoneMatch: '*',
        Metadata: { sha256: content.sha256 },
      }),
    );
    return 'stored';
  } catch (error) {
    if (isTaken(error)) return 'exists';
    throw s3Fault(error, `put ${target.Key}`);
  }
}

async function putParts(
  client: S3Client,
  target: Target,
  content: ObjectContent,
): Promise<'stored' | 'exists'> {
  const create = new CreateMultipartUploadCommand({
    ...target,
    ChecksumAlgorithm: 'SHA256',
    Metadata: { sha256: content.sha256 },
  });
  const { UploadId } = await client.send(create).catch(faultOf(target));
  const begun = { Bucket: target.Bucket, Key: target.Key, UploadId };
  try {
    const pieces = inParts(content.open(), partBytesOf(content.bytes));
    const parts = await eachOf(pieces, PARTS_AT_ONCE, (piece, index) => putPart(client, begun, piece, index));
    const outcome = await complete(client, begun, [...parts]);
    if (outcome === 'exists') await giveUp(client, begun);
    return outcome;
  } catch (error) {
    await giveUp(client, begun);
    throw error;
  }
}

async function complete(
  client: S3Client,
  begun: Begun,
  Parts: CompletedPart[],
): Promise<'stored' | 'exists'> {
  try {
    await client.send(
      new CompleteMultipartUploadCommand({ ...begun, MultipartUpload: { Parts }, IfNoneMatch: '*' }),
    );
    return 'stored';
  } catch (error) {
    // Gone: a try before this one completed it. Whoever called compares what is there.
    if (isTaken(error) || isUploadGone(error)) return 'exists';
    throw s3Fault(error, `put ${begun.Key}`);
  }
}

/** Where that fails too, what is left is removed at a later start. */
async function giveUp(client: S3Client, begun: Begun): Promise<void> {
  await client.send(new AbortMultipartUploadCommand(begun)).catch(() => undefined);
}

function faultOf({ Key }: { readonly Key: string }): (error: unknown) => never {
  return (error) => {
    throw s3Fault(error, `put ${Key}`);
  };
}

async function putPart(
  client: S3Client,
  begun: Begun,
  ...[piece, index]: [piece: Buffer, index: number]
): Promise<CompletedPart> {
  const ChecksumSHA256 = createHash('sha256').update(piece).digest('base64');
  const part = { PartNumber: index + 1, ChecksumSHA256 };
  const put = new UploadPartCommand({ ...begun, ...part, Body: piece, ChecksumAlgorithm: 'SHA256' });
  const { ETag } = await client.send(put).catch(faultOf(begun));
  return { ...part, ETag };
}
