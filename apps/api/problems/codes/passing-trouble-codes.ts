import type { ProblemCode } from './problem-code.js';

const LATER = 'Send the same request again after the seconds in Retry-After.';
const ADMIN = 'Ask an admin of this server to look into its log.';

/** Trouble that may pass; nothing was written unless the code says otherwise. */
export const PASSING_TROUBLE_CODES = {
  backlog_full: { status: 429, title: 'Too many events wait to be stored', mend: LATER },
  busy: { status: 503, title: 'Too many bodies are being read', mend: LATER },
  disk_filling: {
    status: 429,
    title: 'The disk is filling up, and the stream is not one that matters most',
    mend: `${LATER} An admin has to free space, or give the stream's retention policy another class.`,
  },
  disk_reserve: {
    status: 503,
    title: 'The disk is nearly full',
    mend: `${LATER} An admin has to free space, or lower the reserve or raise disk_refuse_at.`,
  },
  bus_full: {
    status: 503,
    title: 'The disk has no room for new events',
    mend: `${LATER} An admin has to free space.`,
  },
  bus_unavailable: { status: 503, title: 'Events can not be accepted now', mend: LATER },
  outcome_unknown: {
    status: 503,
    title: 'Whether the events were accepted is not known',
    mend: 'Send the same request again with its Idempotency-Key; without one, events may be there twice.',
  },
  catalogue_unavailable: { status: 503, title: 'The catalogue does not answer', mend: LATER },
  search_timeout: {
    status: 503,
    title: 'The search took too long',
    mend: 'Narrow the time range, name a stream or add filters.',
  },
  search_unavailable: { status: 503, title: 'Events can not be searched now', mend: LATER },
  copy_behind: {
    status: 503,
    title: 'The copy among documents does not have all events of the question yet',
    mend: 'Ask again after the seconds in Retry-After, let the question end earlier, or leave from out.',
  },
  history_on_its_way: {
    status: 503,
    title: 'Events of this time are being moved here',
    mend: 'Ask again later, or narrow the time range to what is there. An admin sees by `alluvium migrate DIR status` how far the move is.',
  },
  export_outlived_days: {
    status: 503,
    title: 'Days left search while they were exported',
    mend: 'Go on with the cursor of the last event that came. An admin keeps the copies of moved days longer by `archive.grace_hours`.',
  },
  archive_unreadable: {
    status: 503,
    title: 'An archived day can not be read',
    mend: `Narrow the time range to days that can be read, or wait. An admin has to bring back the file that the detail names.`,
  },
  tail_behind: {
    status: 503,
    title: 'Events are stored faster than they can be followed',
    mend: 'Follow fewer streams or ask for simpler conditions, and search for what was left out.',
  },
  shutting_down: { status: 503, title: 'The server is ending', mend: LATER },
  internal_error: {
    status: 500,
    title: 'Something went wrong in the server',
    mend: `${ADMIN} The request id is in the log beside the cause.`,
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
