import { z } from 'zod';
import { BUILT_IN_FIELDS, TIMESTAMP_KEYS } from '#event-model';
import type { OptionMistake } from '../kinds/parser-template.js';
import { isZone } from '../scanners/local-time.js';
import { captureReader, CAPTURE_TYPES, type CaptureType, type ReadCaptured } from './captured-value.js';

/** Fields of a declaration, and constants of it. */
const MAX_FIELDS = 100;
const FIELD_NAME = /^[\p{L}_@][\p{L}\p{N}_.@/-]{0,79}$/u;
/** What the server itself says of an event; a client's `id` in addition makes a repeat of it a double. */
const RESERVED = new Set(['id', 'parser', 'parse_status', '__proto__']);
const TIMES: ReadonlySet<string> = new Set(TIMESTAMP_KEYS);
const TEXTS: ReadonlySet<string> = new Set([
  ...BUILT_IN_FIELDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
  'event_type',
]);

const fieldName = z
  .string()
  .refine(isFieldName, {
    error: 'is no name of a field',
    params: { mend: 'Use letters, digits and `_ . @ / -`, at most 80; not `id`, `parser`, `parse_status`.' },
  })
  .describe('Name of a field of the event, such as `level` or `http.response.status_code`.');

const fieldOptions = z.strictObject({
  to: fieldName.optional().describe('The field that it becomes. Default: the name of the group.'),
  type: z
    .enum(CAPTURE_TYPES)
    .optional()
    .describe(
      '`text`; `int`, `float` (64 bits), `bool` (`true`, `yes`, `on`, `1`, …); `number`: a number where it is written just as JSON would, else text; `time`. Default: `time` for `timestamp` and its other names, else `text`.',
    ),
  format: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe(
      "Of a time: its form in the letters of Java's SimpleDateFormat, such as `dd/MMM/yyyy:HH:mm:ss Z`. Default: told by its looks (RFC 3339 and its kin, `Oct 11 22:14:15`, seconds to nanoseconds since 1970).",
    ),
});

/** The options that pattern parsers share, by which they make events of what was found. */
export const eventOptions = {
  fields: z
    .record(z.string().max(80), fieldOptions)
    .default({})
    .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, {
      error: `has more than ${MAX_FIELDS} entries`,
    })
    .describe('What becomes of groups, by their names. A group that is not here is a field of its own name.'),
  set: z
    .record(fieldName, z.union([z.string().max(1_024), z.number(), z.boolean()]))
    .default({})
    .refine((set) => Object.keys(set).length <= MAX_FIELDS, { error: `has more than ${MAX_FIELDS} entries` })
    .describe('Fields that every event has, where the line gives none of that name: `{"service": "shop"}`.'),
  zone: z
    .string()
    .max(64)
    .refine(isZone, {
      error: 'is no time zone',
      params: { mend: 'Name a zone as Europe/Berlin, or an offset as +02:00.' },
    })
    .optional()
    .describe('Zone of times that stand without one. Default: that of the source, or UTC.'),
  auto: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'How sure `auto` is of a line that a pattern fits, from 0 to 1. Default 0: only those get it who name the parser.',
    ),
};

export type FieldOptions = Readonly<Record<string, z.infer<typeof fieldOptions>>>;

/** Where the text of a group goes. */
export interface CapturedField {
  /** Name of the field. */
  readonly name: string;
  readonly type: CaptureType;
  readonly read: ReadCaptured;
  /** Whether an event has one value of it at most: the fields of every event. Others become lists. */
  readonly isSingle: boolean;
}

/** Whether events may have a field of this name by a declaration. */
export function isFieldName(name: string): boolean {
  return FIELD_NAME.test(name) && !RESERVED.has(name);
}

/** The field of a group. @param type that the pattern itself says; the options' counts before it */
export function capturedField(
  group: string,
  options: FieldOptions[string] = {},
  type?: CaptureType,
): CapturedField {
  const name = options.to ?? group;
  const own =
    options.type ?? (options.format === undefined ? type : 'time') ?? (TIMES.has(name) ? 'time' : 'text');
  return {
    name,
    type: own,
    read: captureReader(own, options.format),
    isSingle: TEXTS.has(name) || TIMES.has(name),
  };
}

/** What can't be of a field: the server's own names, a type that its column never takes. */
export function fieldMistakes(
  { name, type }: CapturedField,
  path: OptionMistake['path'],
  format?: string,
): readonly OptionMistake[] {
  const mistakes: OptionMistake[] = [];
  if (!isFieldName(name))
    mistakes.push({
      path,
      message: `makes the field "${name.slice(0, 80)}", which a line can not have`,
      mend: 'Give it another name with `to`: letters, digits and `_ . @ / -`, not `id`, `parser`, `parse_status`.',
    });
  if (TEXTS.has(name) && type !== 'text')
    mistakes.push({
      path,
      message: `reads ${name} as ${type}; it is text`,
      mend: 'Leave `type` out, or choose another field with `to`.',
    });
  if (TIMES.has(name) && type !== 'time')
    mistakes.push({
      path,
      message: `reads ${name} as ${type}; it is the time of the event`,
      mend: 'Leave `type` out, or choose another field with `to`.',
    });
  if (format !== undefined && type !== 'time')
    mistakes.push({
      path,
      message: 'has a format, and is no time',
      mend: 'Leave `format` out, or set `type` to `time`.',
    });
  return mistakes;
}
