import { statfs } from 'node:fs/promises';
import { EventBusError } from '../event-bus.errors.js';

/** ENOSPC, EFBIG, EDQUOT, MDB_MAP_FULL. */
const FULL_CODES: ReadonlySet<unknown> = new Set([28, 27, 122, -30_792]);
/** LMDB reports a write that the disk took only in part as EIO: with less room than this it is meant as "full". */
const FULL_BELOW_BYTES = 64 * 1024 * 1024;

/** Says what a failed commit means for those who wait for it. Nothing of it is in the log. */
export async function commitFault(error: unknown, directory: string): Promise<EventBusError> {
  const cause = await rootCause(error);
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (FULL_CODES.has(codeOf(cause)) || (await isNearlyFull(directory))) {
    const mend = 'free space on its disk, or raise the limit on file sizes; the bus goes on by itself.';
    return new EventBusError(
      'bus_full',
      `The event bus in ${directory} has no room (${reason}): ${mend}`,
      cause,
    );
  }
  const mend = 'check the disk and the system log; the bus tries again every second.';
  return new EventBusError(
    'bus_unavailable',
    `The event bus in ${directory} can't write (${reason}): ${mend}`,
    cause,
  );
}

/** lmdb rejects with a wrapper whose `commitError` is itself a promise that rejects. */
async function rootCause(error: unknown): Promise<unknown> {
  const nested = (error as { commitError?: Promise<unknown> } | undefined)?.commitError;
  if (!nested) return error;
  return nested.then(
    () => error,
    (cause: unknown) => cause,
  );
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code;
}

async function isNearlyFull(directory: string): Promise<boolean> {
  const disk = await statfs(directory).catch(() => undefined);
  return disk !== undefined && disk.bavail * disk.bsize < FULL_BELOW_BYTES;
}
