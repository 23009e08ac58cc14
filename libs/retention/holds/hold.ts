import { parseTime } from '#event-model';
import { endOf, startOf } from '../day.js';
import type { PolicyAuthor } from '../policies/policy.js';

/** What must not be deleted, whatever a policy says. */
export interface Hold {
  readonly id: string;
  readonly tenant: string;
  /** Absent: all streams of the tenant. */
  readonly stream?: string;
  /** RFC 3339; absent: from the beginning. */
  readonly start_time?: string;
  /** RFC 3339, not included; absent: without an end. */
  readonly end_time?: string;
  readonly reason: string;
  readonly created_at: string;
  readonly created_by: PolicyAuthor;
  /** Absent while it holds. */
  readonly released_at?: string;
  readonly released_by?: PolicyAuthor;
}

/** A day of a stream. */
export interface HeldPlace {
  readonly stream: string;
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
}

/** Whether a hold that was not released has a moment of the day: then the whole day stays. */
export function keeps(hold: Hold, { stream, day }: HeldPlace): boolean {
  if (hold.released_at !== undefined || (hold.stream ?? stream) !== stream) return false;
  const { start_time: from, end_time: to } = hold;
  const isBefore = to !== undefined && (parseTime(to) ?? 0n) <= nanoseconds(startOf(day));
  const isBehind = from !== undefined && (parseTime(from) ?? 0n) >= nanoseconds(endOf(day));
  return !isBefore && !isBehind;
}

function nanoseconds(ms: number): bigint {
  return BigInt(ms) * 1_000_000n;
}
