import type { z } from 'zod';
import { parseTime } from '#event-model';

/** A time of which either end may be left open. */
interface TimeSpan {
  readonly start_time?: string | number | undefined;
  readonly end_time?: string | number | undefined;
}

type RefineParams = Exclude<Parameters<z.ZodType['refine']>[1], string | undefined>;

/** For `refine` of a request's schema: an end that is given lies behind the start. */
export const ENDS_BEHIND_START: readonly [(span: TimeSpan) => boolean, RefineParams] = [
  ({ start_time: from, end_time: to }: TimeSpan): boolean =>
    from === undefined || to === undefined || (parseTime(from) ?? 0n) < (parseTime(to) ?? 1n),
  {
    path: ['end_time'],
    error: 'is not behind start_time',
    params: { mend: 'Send an end_time that is later than start_time.' },
  },
];
