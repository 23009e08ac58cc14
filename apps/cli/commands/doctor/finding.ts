/** Whether a finding hinders: `problem` does, `warning` may. */
export type FindingStatus = 'ok' | 'warning' | 'problem';

/** What was looked at, in the order in which it is shown. */
export type CheckName =
  | 'settings'
  | 'tls'
  | 'port'
  | 'data directory'
  | 'disk'
  | 'memory'
  | 'scratch'
  | 'processor'
  | 'platform'
  | 'open files'
  | 'clock'
  | 'server';

/** One thing that was looked at and how it is; texts are whole sentences. */
export interface Finding {
  readonly check: CheckName;
  readonly status: FindingStatus;
  readonly what: string;
  /** The setting, path or address that it is about. */
  readonly where?: string;
  /** What to do; there unless all is well. */
  readonly mend?: string;
}

/** A finding that needs nothing done. */
export function fine(check: CheckName, what: string, where?: string): Finding {
  return { check, status: 'ok', what, ...(where !== undefined && { where }) };
}

/** What a finding that needs something done says. */
export interface Complaint {
  readonly what: string;
  readonly where: string;
  readonly mend: string;
}

/** A finding that may hinder. */
export function warning(check: CheckName, complaint: Complaint): Finding {
  return { check, status: 'warning', ...complaint };
}

/** A finding that hinders. */
export function problem(check: CheckName, complaint: Complaint): Finding {
  return { check, status: 'problem', ...complaint };
}
