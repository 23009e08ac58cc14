import { z } from 'zod';

/** Most bytes of a piece: what is read, sealed and put at once. */
export const PIECE_BYTES = 4 * 2 ** 20;

const MAX_PATH = 1_000;
const NAME = /^[^/\\\0]{1,255}$/;

/** A name within a folder: never one that leads elsewhere. */
const name = z
  .string()
  .regex(NAME)
  .refine((text) => text !== '.' && text !== '..');
const folder = z
  .string()
  .max(MAX_PATH)
  .refine((path) => path === '' || path.split('/').every((part) => name.safeParse(part).success));

/** Of a piece: its name and its bytes. */
export const pieceSchema = z.tuple([z.string().regex(/^[0-9a-f]{64}$/), z.int().min(1).max(PIECE_BYTES)]);

const fileSchema = z.tuple([name, z.int().min(0)]);

const savedFolderSchema = z
  .strictObject({ folder, files: z.array(fileSchema), pieces: z.array(pieceSchema) })
  .refine(({ files, pieces }) => bytesOf(files) === bytesOf(pieces))
  .refine(({ files }) => new Set(files.map(([file]) => file)).size === files.length);

/** A piece of a backup: its name, and its bytes before it is sealed. */
export type Piece = z.infer<typeof pieceSchema>;

/**
 * The files of one folder, as their names and bytes: one behind the other they are what the pieces are, one behind the
 * other. Many small files are one piece then; a part of the search tier, which never changes, is the same pieces in each
 * backup. `folder` is relative to the data directory, with slashes; empty for itself.
 */
export type SavedFolder = z.infer<typeof savedFolderSchema>;

export function bytesOf(sized: readonly (readonly [string, number])[]): number {
  return sized.reduce((sum, [, bytes]) => sum + bytes, 0);
}

/** A line of a backup's index. */
export function writeFolder(saved: SavedFolder): string {
  return `${JSON.stringify(saved)}\n`;
}

/** Reads a line of an index, which anybody may have written; undefined where no folder of ours is described so. */
export function readFolder(line: string): SavedFolder | undefined {
  try {
    return savedFolderSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
