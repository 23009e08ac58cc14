import { printDay } from '#retention';

/** A day of an archive, by its numbers. */
interface Counted {
  /** `YYYYMMDD`. */
  readonly day: number;
  readonly events: number;
  readonly files: readonly { readonly bytes: number }[];
}

export interface ArchiveFigures {
  readonly units: number;
  readonly events: number;
  readonly bytes: number;
  readonly oldest_day?: string;
  readonly newest_day?: string;
}

/** Sums of days that stand in their order. */
export function archiveFigures(units: readonly Counted[]): ArchiveFigures {
  const [first, last] = [units[0], units.at(-1)];
  return {
    units: units.length,
    events: units.reduce((sum, { events }) => sum + events, 0),
    bytes: units.reduce((sum, { files }) => sum + files.reduce((all, { bytes }) => all + bytes, 0), 0),
    ...(first && { oldest_day: printDay(first.day) }),
    ...(last && { newest_day: printDay(last.day) }),
  };
}
