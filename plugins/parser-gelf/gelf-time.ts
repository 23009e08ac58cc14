import { formatTimestamp } from '#event-model';

const DECIMAL = /^(\d{1,15})(?:\.(\d+))?$/;
const NANOS = 9;
/** End of the year 9999, in seconds. */
const LATEST_S = 253_402_300_799n;
/** What is larger was meant as milliseconds: as seconds it would be after the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000n;

/** A time as GELF writes it, with what was odd about it. */
export interface GelfTime {
  /** RFC 3339. */
  readonly timestamp: string;
  readonly warning?: string;
}

/**
 * Reads seconds since the epoch, "with optional decimal places for milliseconds" (GELF 1.1), digit by digit: no binary
 * fraction comes between. More than nine decimal places are cut. Undefined where the text is no such number.
 */
export function readGelfTime(number: string): GelfTime | undefined {
  const [, whole, fraction = ''] = DECIMAL.exec(number) ?? plainDigits(number) ?? [];
  if (whole === undefined) return undefined;
  const isMs = BigInt(whole) >= MILLISECONDS_FROM;
  const seconds = isMs ? BigInt(whole) / 1_000n : BigInt(whole);
  if (seconds > LATEST_S) return undefined;
  const decimals = isMs ? whole.slice(-3) + fraction : fraction;
  const nanos = BigInt(decimals.slice(0, NANOS).padEnd(NANOS, '0'));
  const timestamp = formatTimestamp(seconds * 1_000_000_000n + nanos);
  return isMs ? { timestamp, warning: 'timestamp was read as milliseconds' } : { timestamp };
}

/** `1.7e9` as `1700000000`. */
function plainDigits(number: string): RegExpExecArray | null {
  return /^\d(?:\.\d+)?[eE]\+?\d{1,2}$/.test(number) ? DECIMAL.exec(String(Number(number))) : null;
}
