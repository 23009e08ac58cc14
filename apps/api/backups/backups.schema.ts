import { z } from 'zod';

/** A backup that is there. */
const backupSchema = z.object({
  id: z.string(),
  began_at: z.string().describe('Everything that was acknowledged before is in it.'),
  ended_at: z.string(),
  written_by: z.string(),
  key_id: z.string().nullable().describe('Of the key that it is encrypted with; null: it is not.'),
  files: z.number(),
  bytes: z.number(),
  new_bytes: z.number().describe('Bytes that no earlier backup had.'),
  rest_ms: z
    .number()
    .describe('How long storing rested for it, in milliseconds; events went on being accepted.'),
  not_held: z.array(z.string()).describe('What a restored appliance needs besides.'),
});

/** An order for a backup. */
export const backupRunSchema = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number().describe('From 0 to 1.'),
  note: z.string().optional(),
  error: z.string().optional().describe('Why it failed.'),
});

export const backupListSchema = z.object({
  target: z
    .string()
    .nullable()
    .describe('Where backups go; null: the setting ALLUVIUM_BACKUP_DIR is missing.'),
  runs: z.array(backupRunSchema).describe('Orders of the last 7 days, the newest first.'),
  backups: z.array(backupSchema).describe('Those that are kept, the newest first.'),
  unreadable: z
    .array(z.object({ id: z.string(), error: z.string() }))
    .describe('Those that can’t be read: damaged, or of another key.'),
});

export const backupOrderedSchema = z.object({ job: z.string() });

export type ShownBackup = z.infer<typeof backupSchema>;
export type ShownBackupRun = z.infer<typeof backupRunSchema>;
export type ShownBackups = z.infer<typeof backupListSchema>;
export type BackupOrdered = z.infer<typeof backupOrderedSchema>;
