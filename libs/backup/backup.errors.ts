import { AlluviumError } from '#event-model';

/**
 * - `backup_not_found`: there is no backup of this id, or none at all.
 * - `backup_damaged`: what was read is not what was written, or is missing.
 * - `backup_unreadable`: what says it is a backup is none of ours, or leads outside of its directory.
 * - `backup_format_newer`: a newer version wrote it.
 * - `backup_key_needed`, `backup_key_wrong`: it is encrypted, with another key or none given.
 * - `backup_changed`: a file was taken away while it was backed up. Retryable.
 * - `backup_interrupted`: the process that was to make it has ended.
 * - `backup_not_set`, `backup_not_whole`, `backup_running`: none is begun.
 * - `backup_target_not_empty`: a backup is restored into an empty directory only.
 */
export type BackupErrorCode =
  | 'backup_not_found'
  | 'backup_damaged'
  | 'backup_unreadable'
  | 'backup_format_newer'
  | 'backup_key_needed'
  | 'backup_key_wrong'
  | 'backup_changed'
  | 'backup_interrupted'
  | 'backup_not_set'
  | 'backup_not_whole'
  | 'backup_running'
  | 'backup_target_not_empty';

/** A backup could not be made, read or restored; the message says what is wrong, where, and how to mend it. */
export class BackupError extends AlluviumError {
  declare readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: code === 'backup_changed', cause });
  }
}
