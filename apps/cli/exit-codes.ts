/** Exit statuses of the command line; docs/guide/cli.md explains each. */
export const EXIT = {
  /** All was done. */
  done: 0,
  /** It failed: an error of the machine, or a server that can't work now. */
  failed: 1,
  /** The command was called wrongly. */
  usage: 2,
  /** No server was reached. */
  unreached: 3,
  /** The server refused it: the key, its rights, the request. */
  refused: 4,
  /** Done in part; what was not done has been said. */
  partly: 5,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
