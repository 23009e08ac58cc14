import type { NewJob } from '#job-queue';

/** Kind of the job that deletes for good what policies deleted out of archives. */
export const TRASH_JOB = 'archive.trash';

/** A job that doesn't wait for the time in which it could be brought back: of one tenant, or of all while the disk is filling. */
export function emptyTrashNow(tenant?: string): NewJob & { readonly id: string } {
  const id = tenant === undefined ? 'emergency' : `of-${tenant}`;
  return { kind: TRASH_JOB, id, payload: { now: true, ...(tenant !== undefined && { tenant }) } };
}
