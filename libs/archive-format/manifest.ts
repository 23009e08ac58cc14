import { isSourceName, isStreamName, isTenantName, parseBlockId } from '#event-model';
import { z } from 'zod';
import { ArchiveFormatError } from './archive-format.errors.js';
import { isDay, linesKey, partKey, sealedKey, type UnitPlace } from './unit-paths.js';

/**
 * The newest layout of manifests and files; a reader refuses a newer one. 2: files are encrypted, and say how. 3: they replace
 * others, which a reader that does not know that would count twice; encrypted or not.
 */
const FORMAT_VERSION = 3;
/** Manifests that one may replace: no day is merged any more behind them. */
export const MOST_REPLACED = 10_000;
const MAX_UINT64 = 2n ** 64n;

const name = z.string().min(1).max(200);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const generation = z.int().min(0).max(65_535);
const uint64 = z
  .string()
  .regex(/^(0|[1-9]\d{0,19})$/)
  .refine((text) => BigInt(text) < MAX_UINT64);
/** Nanoseconds since the epoch. */
const time = z.string().regex(/^-?\d{1,19}$/);

/** A manifest whose events are in this one too, by its generation and the SHA-256 in its name. */
const replaced = z.strictObject({ generation, manifest: sha256 });

/** `bytes` and `sha256` are of what is stored; those of its content are in `encryption`, with the id of the key. */
const file = z.strictObject({
  key: z.string().max(700),
  ...{ bytes: count, sha256, events: count },
  encryption: z.strictObject({ key_id: z.string().regex(/^[0-9a-f]{16}$/), bytes: count, sha256 }).optional(),
});

const manifestSchema = z
  .strictObject({
    format: z.literal([1, 2, FORMAT_VERSION]),
    tenant: z.string().refine(isTenantName),
    stream: z.string().refine(isStreamName),
    day: z.int().refine(isDay),
    generation,
    through: z.string().refine((text) => parseBlockId(text) !== undefined),
    event_type: z.strictObject({ name, version: z.int().min(1) }),
    sorted_by: z.array(name).min(1),
    columns: z.array(z.strictObject({ name, type: z.string().min(1).max(50) })).min(1),
    fingerprint: z.strictObject({
      events: count,
      sum: uint64,
      xor: uint64,
      oldest: time,
      newest: time,
      sources: z.array(z.strictObject({ source: z.string().refine(isSourceName), events: count })),
    }),
    files: z.array(file).min(1),
    /** Of a merged unit: all manifests that it takes the place of, also those that these had replaced before. */
    replaces: z.array(replaced).min(2).max(MOST_REPLACED).optional(),
    written_by: z.strictObject({ alluvium: name, engine: name }),
    written_at: z.iso.datetime(),
  })
  .readonly();

/**
 * What an archived unit is, beside its files: enough to read them and to show that they are all of it and unchanged. Big
 * numbers are text. `fingerprint` is that of the events in the table that they were in, of `files` together.
 */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Reads a manifest's content and checks that it agrees with itself: files below its own place, by their sums; events that
 * add up.
 *
 * @throws ArchiveFormatError `archive_manifest_invalid` with the place of the mistake
 */
export function checkManifest(value: unknown): Manifest {
  const format = (value as { readonly format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > FORMAT_VERSION)
    throw invalid(`it has the format ${format}, and this version knows ${FORMAT_VERSION}: take a newer one.`);
  const read = manifestSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw invalid(`${issue?.path.join('.') || 'it'}: ${issue?.message}.`);
  }
  const { files, fingerprint } = read.data;
  for (const one of files)
    if (!keysOf(read.data, one).includes(one.key))
      throw invalid(`${one.key.slice(0, 200)} is not a file of this unit.`);
  checkFormat(read.data);
  const inFiles = files.reduce((all, { events }) => all + events, 0);
  const bySource = fingerprint.sources.reduce((all, { events }) => all + events, 0);
  if (inFiles !== fingerprint.events || bySource !== fingerprint.events)
    throw invalid(`it counts ${fingerprint.events} events, ${inFiles} in files and ${bySource} by source.`);
  return read.data;
}

/** What a format promises is there, and nothing that its readers wouldn't know of. */
function checkFormat({ format, files, generation: own, replaces }: Manifest): void {
  const encrypted = files.filter(({ encryption }) => encryption !== undefined).length;
  const isWrong =
    format === 3 ? encrypted % files.length > 0 : encrypted !== (format === 1 ? 0 : files.length);
  if (isWrong) throw invalid(`files of the format ${format} are ${format === 1 ? 'not ' : ''}encrypted.`);
  if ((replaces !== undefined) !== (format === 3))
    throw invalid(`replaces: manifests of the format 3 alone name what they replace, and all of them do.`);
  if (replaces && !replaces.some((one) => one.generation === own))
    throw invalid(`replaces: none of them is of its own generation, ${own}.`);
}

function keysOf(place: UnitPlace, { sha256: sum, encryption }: z.infer<typeof file>): readonly string[] {
  return encryption ? [sealedKey(place, sum)] : [partKey(place, sum), linesKey(place, sum)];
}

function invalid(why: string): ArchiveFormatError {
  return new ArchiveFormatError('archive_manifest_invalid', `This is no manifest of an archive: ${why}`);
}
