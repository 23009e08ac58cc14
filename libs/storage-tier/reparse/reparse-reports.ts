import type { Catalogue } from '#catalogue';

const COLLECTION = 're-parses';
/** Most reasons that are told apart. */
const MAX_REASONS = 50;

/** Kind of the job that parses stored events again. */
export const REPARSE_JOB = 'streams.reparse';

/** The job of a stream: at most one at a time. No stream's name has a dot. */
export function reparseJobId(tenant: string, stream: string): string {
  return `${tenant}.${stream}`;
}

/** What became of a day's events. */
export interface ReparsedPart {
  /** `YYYYMMDD`. */
  readonly day: number;
  readonly generation: number;
  /** Events of the time span. */
  readonly events: number;
  /** Events that are stored otherwise now. */
  readonly changed: number;
  /** Events that could not be read anew and are as they were. */
  readonly kept: number;
}

/** Why events stayed as they were. */
export interface KeptReason {
  readonly reason: string;
  readonly events: number;
  /** An `event_id`. */
  readonly example: string;
}

/** What a run has done so far; the only thing that is kept of it. */
export interface ReparseReport {
  /** Which request it is of. */
  readonly run: string;
  readonly parts: readonly ReparsedPart[];
  readonly reasons: readonly KeptReason[];
}

/** The last run of each stream, in the catalogue: what is done stays done when the process ends. */
export class ReparseReports {
  constructor(private readonly catalogue: Catalogue) {}

  async find(tenant: string, stream: string): Promise<ReparseReport | undefined> {
    return (await this.catalogue.read<ReparseReport>(COLLECTION, idOf(tenant, stream)))?.value;
  }

  /** Keeps what was done of one more part. */
  async add(
    { tenant, stream }: { readonly tenant: string; readonly stream: string },
    before: ReparseReport,
    ...[part, reasons]: [part: ReparsedPart, reasons: readonly KeptReason[]]
  ): Promise<ReparseReport> {
    const value: ReparseReport = {
      ...before,
      parts: [...before.parts, part],
      reasons: mergeReasons([...before.reasons, ...reasons]),
    };
    await this.catalogue.write([{ collection: COLLECTION, id: idOf(tenant, stream), value }]);
    return value;
  }
}

/** One of each reason, most first. */
export function mergeReasons(reasons: readonly KeptReason[]): readonly KeptReason[] {
  const merged = new Map<string, KeptReason>();
  for (const one of reasons) {
    const known = merged.get(one.reason);
    merged.set(one.reason, known ? { ...known, events: known.events + one.events } : one);
  }
  return [...merged.values()].sort((a, b) => b.events - a.events).slice(0, MAX_REASONS);
}

function idOf(tenant: string, stream: string): string {
  return `${tenant}/${stream}`;
}
