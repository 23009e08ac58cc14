import type { ProblemCode } from './problem-code.js';

/** What is refused about archives that are attached. */
export const ARCHIVE_CODES = {
  archive_place_unknown: {
    status: 400,
    title: 'There is no such place of archives',
    mend: 'Use one that GET /api/v1/archives/attached lists, or let an admin name it in ALLUVIUM_ARCHIVE_ATTACHABLE.',
  },
  archive_empty: {
    status: 404,
    title: 'There is no archive of the stream',
    mend: 'Look whether the place has the folder tenant=…/stream=… of your tenant and that stream.',
  },
  archive_refused: {
    status: 409,
    title: 'Parts of the archive can not be used',
    mend: 'See POST /api/v1/archives/attach/estimate for all of them; mend them, or attach the others with skip_refused: true. Keys of other appliances are trusted by ALLUVIUM_ARCHIVE_TRUSTED_KEYS.',
  },
  archive_too_large: {
    status: 409,
    title: 'The archive has more than one attachment may have',
    mend: 'Put its years into places of their own, and attach each.',
  },
  archive_not_attached: {
    status: 404,
    title: 'No such archive is attached',
    mend: 'Use one that GET /api/v1/archives/attached lists.',
  },
  stream_read_only: {
    status: 409,
    title: 'Nothing can be sent to the stream, or changed of it',
    mend: 'Send to another stream.',
  },
  stream_restoring: {
    status: 409,
    title: 'The stream is being restored',
    mend: 'Wait until GET /api/v1/archives/restored/{stream} says restored; the job that it names tells how far it is.',
  },
  nothing_to_restore: {
    status: 404,
    title: 'The archive has no events of that stream and time',
    mend: 'See GET /api/v1/retention/status for the days that are archived.',
  },
  nothing_to_undelete: {
    status: 404,
    title: 'The trash has no deleted days of that stream and time',
    mend: 'See GET /api/v1/archives/trash for what can be brought back; older days are in backups alone.',
  },
  restore_no_room: {
    status: 409,
    title: 'The disk has no room for what is to be restored',
    mend: 'Restore a shorter time, or make room. Archived days can be searched without being restored.',
  },
  restore_not_found: {
    status: 404,
    title: 'No such stream was restored',
    mend: 'Use one that GET /api/v1/archives/restored lists.',
  },
  archive_place_unreadable: {
    status: 503,
    title: 'The place of the archive can not be read now',
    mend: 'Try again after the seconds in Retry-After; where that does not help, let an admin look at the disk or the bucket.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
