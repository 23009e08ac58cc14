import { z } from 'zod';
import { isZone } from '#plugin-kit';
import { ENDS_BEHIND_START } from '../requests/time-span.js';
import { point } from '../requests/rule.js';

const parserName = z.string().max(80);

/** Which stored events are read anew, and how. */
export const reparseRequestSchema = z
  .strictObject({
    start_time: point.describe('Only events whose time is then or later.'),
    end_time: point.describe('Only events whose time is before.'),
    parser: parserName
      .min(1)
      .optional()
      .describe(
        'Reads every text line with this parser. Default: the one that read it before, and `auto` for lines that none did. What came as JSON is read by the stream’s type alone.',
      ),
    parsed_by: parserName
      .optional()
      .describe('Only text lines that this parser read; empty: that none did. Default: all, and JSON too.'),
    zone: z
      .string()
      .refine(isZone, {
        error: 'is no zone',
        params: { mend: 'Use an IANA name such as Europe/Berlin, or an offset such as +02:00.' },
      })
      .optional()
      .describe(
        'Zone of times without one, such as `Europe/Rome`: that of an input is not kept with its events. Default: UTC.',
      ),
  })
  .refine(...ENDS_BEHIND_START);

export type ReparseRequest = z.infer<typeof reparseRequestSchema>;

const events = z.number().describe('Events of the time span.');

/** What would happen. */
export const reparsePlanSchema = z.object({
  events: z.number().describe('Events that are read anew.'),
  days: z
    .array(
      z.object({
        day: z.string().describe('UTC. Each day is read, and put in place, as a whole; the newest first.'),
        generation: z.number().describe('0 unless the day had been archived before.'),
        events,
        part_events: z
          .number()
          .describe('All events that are copied, those outside of the span as they are.'),
        disk_bytes: z.number().describe('About what the copy takes until it is in place.'),
        forms: z
          .object({
            text: z.number().describe('Text lines that are kept.'),
            message: z.number().describe('Text lines that are the event’s message.'),
            json: z.number().describe('JSON whose bytes are kept.'),
            json_remade: z.number().describe('JSON that is made again of the event, equal to what was sent.'),
          })
          .describe('What there is to be read.'),
      }),
    )
    .describe('Those that have events of the span.'),
  parsers: z
    .array(z.object({ parser: z.string(), events: z.number() }))
    .describe('Who read the text lines before; empty: nobody did. Most first.'),
  left_alone: z
    .array(z.object({ reason: z.string(), events: z.number(), mend: z.string() }))
    .describe(
      'Events that stay as they are. Others turn out while they are read: those that are refused, or whose time would be of another day.',
    ),
  disk_bytes_needed: z.number().describe('Of the largest day.'),
  disk_bytes_free: z.number().describe('Above the reserve.'),
  fits: z.boolean().describe('Whether there is room for the largest day’s copy.'),
});

export type ReparsePlan = z.infer<typeof reparsePlanSchema>;

/** What the last run has done. */
export const reparseReportSchema = z.object({
  job: z.string(),
  days: z.array(
    z.object({
      ...{ day: z.string(), generation: z.number(), events },
      changed: z.number().describe('Events that are stored otherwise now.'),
      kept: z.number().describe('Events that could not be read anew and stay as they were.'),
    }),
  ),
  kept_reasons: z
    .array(z.object({ reason: z.string(), events: z.number(), example: z.string() }))
    .describe('Why, with the id of one event; most first, at most 50.'),
});

export type ShownReparseReport = z.infer<typeof reparseReportSchema>;
