import type { InputLogger } from '#plugin-kit';

/** Lines that an input may write in a minute. */
const MOST_LINES = 100;
const MINUTE_MS = 60_000;

/** The server's log for an input: what is more than a hundred lines in a minute is counted, and told with the next line. */
export function boundedLogger(logger: InputLogger, input: string, now: () => number = Date.now): InputLogger {
  let [began, lines, leftOut] = [0, 0, 0];
  const write =
    (level: 'info' | 'warn'): InputLogger['info'] =>
    (fields, message) => {
      if (now() - began >= MINUTE_MS) {
        if (leftOut > 0) logger.warn({ input, lines: leftOut }, 'an input wrote more to the log than it may');
        [began, lines, leftOut] = [now(), 0, 0];
      }
      lines += 1;
      if (lines > MOST_LINES) leftOut += 1;
      else logger[level](fields, message);
    };
  return { info: write('info'), warn: write('warn') };
}
