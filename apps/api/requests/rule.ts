import { z } from 'zod';
import { isStreamName, NAME_RULE, parseTime } from '#event-model';

/** Text that a check must accept; `message` says what is wrong and `mend` what is expected. */
function checkedText(
  check: (text: string) => boolean,
  rule: { readonly message: string; readonly mend: string },
): z.ZodString {
  return z.string().refine(check, { error: rule.message, params: { mend: rule.mend } });
}

/** The name of a stream. */
export const streamName = checkedText(isStreamName, {
  message: 'is no name of a stream',
  mend: `Use ${NAME_RULE}.`,
}).describe(`Name of a stream: ${NAME_RULE}.`);

const TIME_FORMS = 'RFC 3339, epoch seconds, milliseconds, microseconds or nanoseconds, or such as now-15m';

/** A point in time. */
export const point = z
  .union([z.string(), z.number()])
  .refine((value) => parseTime(value) !== undefined, {
    error: 'is no point in time',
    params: { mend: `Send ${TIME_FORMS}.` },
  })
  .describe(`A point in time: ${TIME_FORMS}.`);

/** A number in a query string, or the default. */
export function queryNumber(fallback: number, max: number): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number().int().min(1).max(max).default(fallback);
}
