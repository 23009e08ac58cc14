const NS_PER_MS = 1_000_000n;

/** A moment as a document has it: MongoDB's dates are of milliseconds. */
export interface KeptMoment {
  readonly timestamp: Date;
  /** Nanoseconds behind the date, 0 to 999,999. */
  readonly _nanos: number;
}

/** @param ns nanoseconds since the epoch, from 1970 on */
export function keptMoment(ns: bigint): KeptMoment {
  return { timestamp: new Date(Number(ns / NS_PER_MS)), _nanos: Number(ns % NS_PER_MS) };
}

/** Nanoseconds since the epoch. */
export function momentOf({ timestamp, _nanos }: KeptMoment): bigint {
  return BigInt(timestamp.getTime()) * NS_PER_MS + BigInt(_nanos);
}

/** The day, `YYYYMMDD`, UTC. */
export function dayOf(timestamp: Date): number {
  return Number(timestamp.toISOString().slice(0, 10).replaceAll('-', ''));
}

/** First millisecond of a day, and of the next. */
export function boundsOf(day: number): readonly [from: Date, to: Date] {
  const text = String(day);
  const from = Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8)));
  return [new Date(from), new Date(from + 86_400_000)];
}
