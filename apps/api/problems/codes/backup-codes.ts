import type { ProblemCode } from './problem-code.js';

/** What backups refuse. */
export const BACKUP_CODES = {
  backup_not_set: {
    status: 409,
    title: 'It is not said where backups go',
    mend: 'Set ALLUVIUM_BACKUP_DIR to a directory, or to s3://bucket/folder, and start again.',
  },
  backup_not_whole: {
    status: 409,
    title: 'The appliance is not all on this machine',
    mend: 'Back up the servers that keep its data with their own means, all at one time, with the data directory while the appliance is stopped.',
  },
  backup_running: {
    status: 409,
    title: 'A backup is being made already',
    mend: 'Wait until it has ended: GET /api/v1/backups says how far it is.',
  },
  backup_place_trouble: {
    status: 503,
    title: 'The place of backups can’t be read',
    mend: 'Look at the disk or the bucket that ALLUVIUM_BACKUP_DIR names, then ask again.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
