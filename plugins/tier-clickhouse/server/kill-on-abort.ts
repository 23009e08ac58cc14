/** Between two tries to end a statement whose caller left: milliseconds. */
const KILL_AGAIN_MS = 100;
/** How long a statement that is told to end may take to say so: milliseconds. */
const GIVE_UP_MS = 3_000;

export interface Killable {
  /** Aborted when the server didn't end the statement in time: nobody waits for its answer any more. */
  readonly gone: AbortSignal;
  /** Ends the statement. */
  readonly kill: () => void;
  /** To be called when the answer is there. */
  readonly forget: () => void;
}

/**
 * Giving up an answer would leave the server at work: the statement is told to end, again until it has, since a server
 * finds no statement that it has not begun yet.
 */
export function killOnAbort(signal: AbortSignal | undefined, end: () => Promise<void>): Killable {
  const gone = new AbortController();
  let repeat: NodeJS.Timeout | undefined;
  let giveUp: NodeJS.Timeout | undefined;
  const once = (): void => void end().catch(() => undefined);
  const kill = (): void => {
    if (repeat) return;
    once();
    repeat = setInterval(once, KILL_AGAIN_MS);
    giveUp = setTimeout(() => {
      clearInterval(repeat);
      gone.abort();
    }, GIVE_UP_MS);
  };
  signal?.addEventListener('abort', kill, { once: true });
  const forget = (): void => {
    clearInterval(repeat);
    clearTimeout(giveUp);
    signal?.removeEventListener('abort', kill);
  };
  return { gone: gone.signal, kill, forget };
}
