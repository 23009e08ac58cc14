import { TierError, type TierFailure } from '#plugin-kit';

/**
 * Codes after which the same statement may succeed later (ClickHouse's src/Common/ErrorCodes.cpp): 3 unexpected end,
 * 107 file gone, 159 timeout, 164 read-only, 202 too many queries, 203, 209, 210 network, 236 aborted, 241 memory,
 * 242 read-only table, 243 no space, 252 too many parts, 279 a shard is out, 285, 319 replication, 394 cancelled, 425 system error,
 * 999 Keeper; 74, 75, 76 file input and output.
 */
const UNAVAILABLE = new Set([
  3, 74, 75, 76, 107, 164, 202, 203, 209, 210, 236, 241, 242, 243, 252, 279, 285, 319, 394, 425, 999,
]);
/** The statement or the tables don't fit: a person must look. */
const CONFIG = new Set([10, 16, 36, 44, 46, 47, 48, 50, 57, 60, 62, 81, 115, 122, 253, 497]);
const TIMEOUT = 159;
export const UNKNOWN_TABLE = 60;
export const UNKNOWN_DATABASE = 81;
export const TOO_MANY_PARTS = 252;
export const MEMORY_LIMIT = 241;

/** The engine's code in an error, 0 where it has none. */
export function engineCode(error: unknown): number {
  if (error instanceof TierError) return engineCode(error.cause);
  const { clickhouseCode, code } = (error ?? {}) as { clickhouseCode?: unknown; code?: unknown };
  // A server's code is a text of digits, one of the system a word.
  const ofServer = typeof code === 'string' && /^\d+$/.test(code) ? code : undefined;
  const said = /^Code: (\d+)/.exec(String((error as Error | null)?.message))?.[1];
  return Number(clickhouseCode ?? ofServer ?? said ?? 0);
}

/** Says what an engine's error means for the caller. */
export function toTierError(error: unknown): TierError {
  if (error instanceof TierError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = engineCode(error);
  return new TierError(failureOf(code), firstLine(message), error, code === MEMORY_LIMIT);
}

function failureOf(code: number): TierFailure {
  if (code === TIMEOUT) return 'timeout';
  if (code === 0 || UNAVAILABLE.has(code)) return 'unavailable';
  return CONFIG.has(code) ? 'config' : 'data';
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.slice(0, 500) ?? '';
}
