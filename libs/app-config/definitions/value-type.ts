import type { z } from 'zod';

/** How one kind of value is read from text or YAML, told to people and printed. */
export interface ValueType<T> {
  /** Reads what the environment (text) or YAML (text, number, boolean, list) gives. */
  readonly schema: z.ZodType<T>;
  /** Completes "expected …" in a problem. */
  readonly expected: string;
  /** As a person would write it in the environment. */
  print(value: T): string;
}
