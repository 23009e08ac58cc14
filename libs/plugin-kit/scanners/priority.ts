/** The PRI part of a syslog message, `<34>` (RFC 5424 6.2.1, RFC 3164 4.1.1). */
export interface Priority {
  /** 0 to 191: facility × 8 + severity. */
  readonly priority: number;
  /** 0 to 23. */
  readonly facility: number;
  /** 0 (emergency) to 7 (debug). */
  readonly severity: number;
  /** Index after it. */
  readonly end: number;
}

const PRIORITY = /<(0|[1-9]\d{0,2})>/y;
const HIGHEST = 191;

/** Reads the priority at `at`: no leading zeros, at most 191. Undefined where there is none. */
export function scanPriority(text: string, at = 0): Priority | undefined {
  PRIORITY.lastIndex = at;
  const digits = PRIORITY.exec(text)?.[1];
  const priority = Number(digits ?? HIGHEST + 1);
  if (digits === undefined || priority > HIGHEST) return undefined;
  return { priority, facility: priority >> 3, severity: priority & 7, end: at + digits.length + 2 };
}
