import { z } from 'zod';
import { bootSetting } from './setting.js';
import { listText } from './text-types.js';
import type { ValueType } from './value-type.js';

const PLACE = /^([a-z0-9][a-z0-9_-]{0,39})=(.+)$/;
const BUCKET_OF_PLACE = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/((?:[a-z0-9_=-]+\/){0,10})$/;

/** A directory, or folders of a bucket, that archives may be attached from. */
export type AttachablePlaceSetting =
  { readonly directory: string } | { readonly bucket: string; readonly prefix: string };

/** Places by their names: `old=/mnt/old, dr=s3://bucket/folder/`. `archive` is the place of the appliance's own. */
const places: ValueType<ReadonlyMap<string, AttachablePlaceSetting>> = {
  schema: listText
    .pipe(z.array(z.string().regex(PLACE)).max(50))
    .transform((list) =>
      list.map((item) => PLACE.exec(item)).map((found) => [found?.[1] ?? '', found?.[2] ?? ''] as const),
    )
    .refine((list) => new Set(list.map(([name]) => name)).size === list.length)
    .refine((list) => list.every(([name, place]) => name !== 'archive' && isPlace(place)))
    .transform((list) => new Map(list.map(([name, place]) => [name, placeOf(place)]))),
  expected:
    'a comma list of name=/path/of/a/directory or name=s3://bucket/ (with folders that end in a slash); names of a-z, 0-9, _ and -, each once and none of them archive',
  print: (value) => [...value].map(([name, place]) => `${name}=${printPlace(place)}`).join(','),
};

function isPlace(place: string): boolean {
  return place.startsWith('/') || BUCKET_OF_PLACE.test(place);
}

function placeOf(place: string): AttachablePlaceSetting {
  const [, bucket, prefix = ''] = BUCKET_OF_PLACE.exec(place) ?? [];
  return bucket === undefined ? { directory: place } : { bucket, prefix };
}

function printPlace(place: AttachablePlaceSetting): string {
  return 'directory' in place ? place.directory : `s3://${place.bucket}/${place.prefix}`;
}

const SIGNER = /^([a-z0-9][a-z0-9_-]{0,39})=([0-9a-f]{16})$/;

/** Ids of keys, and the names of who has them. */
const signers: ValueType<ReadonlyMap<string, string>> = {
  schema: listText
    .pipe(z.array(z.string().regex(SIGNER)).max(100))
    .transform((list) =>
      list.map((item) => SIGNER.exec(item)).map((found) => [found?.[2] ?? '', found?.[1] ?? ''] as const),
    )
    .refine((list) => new Set(list.map(([id]) => id)).size === list.length)
    .transform((list) => new Map(list)),
  expected: 'a comma list of name=id, with the id of a key of archives: 16 hex digits',
  print: (value) => [...value].map(([id, name]) => `${name}=${id}`).join(','),
};

/** What archives may be attached, and from where. */
export const attachableSettings = {
  archiveAttachable: bootSetting({
    path: 'archive.attachable',
    type: places,
    default: '',
    description:
      'Places besides that of archives that archives may be attached from, such as `old=/mnt/old,site2=s3://bucket/folder/`; they are only read. Buckets are reached by the settings of S3.',
  }),
  archiveTrustedKeys: bootSetting({
    path: 'archive.trusted_keys',
    type: signers,
    default: '',
    description:
      'Whose archives may be attached besides the appliance’s own, by the id of their key: `site2=0123456789abcdef`. Each manifest names its key as `signature.key_id`; compare it with what the other’s admin tells you.',
  }),
};
