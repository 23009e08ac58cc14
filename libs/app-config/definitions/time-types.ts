import { z } from 'zod';
import type { ValueType } from './value-type.js';

/** A time of day, or that there is none. */
export const timeOfDay: ValueType<string> = {
  schema: z
    .string()
    .trim()
    .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|off)$/),
  expected: 'a time of day such as 02:00, or off',
  print: String,
};
