import { pino, type DestinationStream, type Logger } from 'pino';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Fields whose values never reach a log line, at the top or one level down. */
const REDACTED = ['authorization', 'cookie', 'secret', 'password', 'token', 'pepper'];
/** A key inside any text, such as an error's message. */
const KEY = /\b(alv_[a-z0-9]{8})_[A-Za-z0-9_-]+/g;

/**
 * Makes the process's logger: a JSON line an event, levels as words, keys and secrets masked wherever they stand.
 * Its `level` may be set at any time.
 *
 * @param destination where lines go; stderr by default, since stdout belongs to the start line and to commands.
 */
export function createLogger(level: LogLevel = 'info', destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '***' },
      hooks: { streamWrite: maskKeys },
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

/** Masks the secret half of every key in a text. */
export function maskKeys(text: string): string {
  return text.includes('alv_') ? text.replace(KEY, '$1_***') : text;
}
