import { z } from 'zod';
import { isZone } from '#plugin-kit';
import { groupingFields } from '#plugin-kit/patterns';

/** Options of a parser of events of several lines; without any it joins stack traces. */
export const multilineOptions = z.strictObject({
  ...groupingFields,
  zone: z
    .string()
    .max(64)
    .refine(isZone, {
      error: 'is no time zone',
      params: { mend: 'Name a zone as Europe/Berlin, or an offset as +02:00.' },
    })
    .optional()
    .describe('Zone of times that stand without one. Default: that of the source, or UTC.'),
});

export type MultilineOptions = z.infer<typeof multilineOptions>;
