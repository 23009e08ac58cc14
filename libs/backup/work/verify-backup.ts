import { AlluviumError } from '#event-model';
import type { BackupHead } from '../format/backup-head.js';
import type { Piece } from '../format/saved-folder.js';
import type { BackupStore } from '../store/backup-store.js';
import { readIndex } from './read-index.js';

/** What was read of a backup. */
export interface VerifiedBackup {
  readonly pieces: number;
  readonly bytes: number;
  /** What is missing or damaged, a sentence each; empty where the backup is whole. */
  readonly problems: readonly string[];
}

/** Reads every piece of a backup, and tells all that can't be had. @throws AlluviumError where its index can't be read */
export async function verifyBackup(store: BackupStore, head: BackupHead): Promise<VerifiedBackup> {
  const seen = new Set<string>();
  const problems: string[] = [];
  let bytes = 0;
  const check = async (piece: Piece): Promise<void> => {
    const [name, size] = piece;
    if (seen.has(name)) return;
    seen.add(name);
    bytes += size;
    await store.piece(piece).catch((error: unknown) => {
      if (!(error instanceof AlluviumError) || error.retryable) throw error;
      problems.push(error.message);
    });
  };
  for await (const { pieces } of readIndex(store, head)) for (const piece of pieces) await check(piece);
  for (const piece of head.index) await check(piece);
  return { pieces: seen.size, bytes, problems };
}
