import { z } from 'zod';
import { Secret } from '../secret.js';
import type { ValueType } from './value-type.js';

/** Any text that isn't blank, such as a path or a host. `expected` says what it stands for. */
export function text(expected: string): ValueType<string> {
  return { schema: z.string().trim().min(1), expected, print: String };
}

/** One of a few words. */
export function oneOf<const W extends string>(words: readonly [W, ...W[]]): ValueType<W> {
  return { schema: z.enum(words), expected: `one of ${words.join(', ')}`, print: String };
}

/** A switch, `on` or `off`; YAML's `true` and `false` are read too. */
export const onOff: ValueType<boolean> = {
  schema: z.union([
    z.boolean(),
    z.enum(['on', 'off', 'true', 'false']).transform((word) => word === 'on' || word === 'true'),
  ]),
  expected: 'on or off',
  print: (value) => (value ? 'on' : 'off'),
};

/** Some of a few words, at least one: a comma list, or a list in YAML. Repeats count once. */
export function someOf<const W extends string>(words: readonly [W, ...W[]]): ValueType<readonly W[]> {
  return {
    schema: listText.pipe(z.array(z.enum(words)).min(1)).transform((list) => [...new Set(list)]),
    expected: `a comma list of ${words.join(', ')}`,
    print: (value) => value.join(','),
  };
}

/** A text that matches `pattern` and must never be printed. */
export function secret(pattern: RegExp, expected: string): ValueType<Secret> {
  return {
    schema: z
      .string()
      .trim()
      .regex(pattern)
      .transform((value) => new Secret(value)),
    expected,
    print: String,
  };
}

/** A comma list, or a list in YAML, as its trimmed items. */
export const listText = z
  .union([z.array(z.string()), z.string().transform((value) => value.split(','))])
  .transform((list) => list.map((item) => item.trim()).filter((item) => item !== ''));
