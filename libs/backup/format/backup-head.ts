import { z } from 'zod';
import { canonicalJson } from '#archive-format';
import { BackupError } from '../backup.errors.js';
import type { PieceCodec } from './piece-codec.js';
import { pieceSchema } from './saved-folder.js';

/** Of what is written here. It rises with a version that the one before would misread. */
export const BACKUP_FORMAT = 1;

const ID = /^\d{8}t\d{9}z-[0-9a-f]{8}$/;
const count = z.int().min(0);

const headSchema = z.strictObject({
  format: z.literal(BACKUP_FORMAT),
  id: z.string().regex(ID),
  /** RFC 3339: everything that was acknowledged before is in it. */
  began_at: z.string().max(40),
  ended_at: z.string().max(40),
  written_by: z.string().max(200),
  /** Of the data directory. */
  data_format: z.int().min(1),
  key_id: z.string().max(64).nullable(),
  files: count,
  bytes: count,
  /** Pieces that no earlier backup had, and their bytes. */
  new_pieces: count,
  new_bytes: count,
  /** Milliseconds for which nothing was stored: what came meanwhile waited. */
  rest_ms: z.number().min(0),
  /** What the appliance needs and this doesn't hold, a sentence each. */
  not_held: z.array(z.string().max(1_000)).max(100),
  /** The pieces of the index: a line for each folder. */
  index: z.array(pieceSchema),
});

const kept = z.object({ head: headSchema, proof: z.string().max(64) });
const anyFormat = z.object({ head: z.object({ format: z.number(), written_by: z.string().max(200) }) });
const anyKey = z.object({ head: z.object({ key_id: z.string().nullable() }) });

/** What is known of a backup; written last, so that one which has it is whole. */
export type BackupHead = z.infer<typeof headSchema>;

/** An id: the time to the millisecond, so that ids sort as backups began, and something that nobody guesses. */
export function backupId(now: Date, random: string): string {
  const time = now.toISOString().replaceAll(/[-:.]/g, '').toLowerCase();
  return `${time}-${random}`;
}

export function isBackupId(text: string): boolean {
  return ID.test(text);
}

export function writeHead(head: BackupHead, codec: PieceCodec): string {
  return `${JSON.stringify({ head, proof: codec.proofOf(canonicalJson(head)) }, undefined, 2)}\n`;
}

/**
 * Reads a head, which anybody may have written.
 *
 * @throws BackupError `backup_unreadable`, `backup_format_newer`, `backup_key_needed`, `backup_key_wrong`, `backup_damaged`
 */
export function readHead(text: string, id: string, codec: PieceCodec): BackupHead {
  const given = parse(text, id);
  checkFormat(given, id);
  checkKey(given, id, codec);
  const read = kept.safeParse(given);
  if (!read.success || read.data.head.id !== id) throw unreadable(id, read.error);
  const { head, proof } = read.data;
  if (codec.proofOf(canonicalJson(head)) === proof) return head;
  throw new BackupError(
    'backup_damaged',
    `The backup ${id} is not as it was written: its description was changed. Restore another one, and remove it.`,
  );
}

function parse(text: string, id: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable(id, cause);
  }
}

function checkFormat(given: unknown, id: string): void {
  const { data } = anyFormat.safeParse(given);
  if (!data || data.head.format <= BACKUP_FORMAT) return;
  throw new BackupError(
    'backup_format_newer',
    `The backup ${id} has the format ${data.head.format}, of ${data.head.written_by}, and this version knows formats up to ${BACKUP_FORMAT}: use that version or a newer one.`,
  );
}

function checkKey(given: unknown, id: string, codec: PieceCodec): void {
  const { data } = anyKey.safeParse(given);
  const keyId = data?.head.key_id ?? undefined;
  if (!data || keyId === codec.keyId) return;
  if (keyId === undefined)
    throw new BackupError(
      'backup_key_wrong',
      `The backup ${id} is not encrypted, and a key is given: unset ALLUVIUM_BACKUP_KEY to read it.`,
    );
  if (codec.keyId === undefined)
    throw new BackupError(
      'backup_key_needed',
      `The backup ${id} is encrypted with the key ${keyId}: set ALLUVIUM_BACKUP_KEY_FILE to the file of that key.`,
    );
  throw new BackupError(
    'backup_key_wrong',
    `The backup ${id} is encrypted with the key ${keyId}, and the key that is given is ${codec.keyId}: give that one (ALLUVIUM_BACKUP_KEY_FILE).`,
  );
}

function unreadable(id: string, cause: unknown): BackupError {
  return new BackupError(
    'backup_unreadable',
    `backups/${id}.json doesn't describe a backup of this program: it was damaged, or is of another one. Restore another backup, and remove it.`,
    cause,
  );
}
