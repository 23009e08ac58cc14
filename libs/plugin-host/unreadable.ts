import type { PluginProblem } from '#plugin-kit';

/** Whether something is not there, or was removed after its name had been read. */
export function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
}

/** What is to be said of what of a plugin can't be read. @param what such as `its files` */
export function unreadable(what: string, error: unknown): PluginProblem {
  const why = error instanceof Error ? error.message : String(error);
  const mend = isGone(error)
    ? 'it was removed while it was read: do that again when nothing is written there any more'
    : 'let the user that the server runs as read it';
  return { what: `${what} can't be read: ${why}`, mend };
}
