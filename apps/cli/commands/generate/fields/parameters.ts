import { z } from 'zod';
import { didYouMean } from '#app-config';
import type { Draw } from './draw.js';
import { NOTHING, type FieldKind, type Mistake, type Path } from './field-scope.js';

/** Maps as plain objects, all the way down. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, inner]) => [String(key), plain(inner)]));
}

/** A kind whose parameters are a map that a schema checks. Without parameters, all of them take their defaults. */
export function kindOf<S extends z.ZodObject>(
  kind: Pick<FieldKind, 'name' | 'example'>,
  schema: S,
  draw: (parameters: z.output<S>) => Draw,
): FieldKind {
  return {
    ...kind,
    make: (given, scope) => {
      const parsed = schema.safeParse(plain(given ?? new Map()));
      if (parsed.success) return draw(parsed.data);
      for (const { path, mistake } of mistakesOf(parsed.error, { schema, example: kind.example }))
        scope.report(path, mistake);
      return NOTHING;
    },
  };
}

/** Zod's issues, one for each name that isn't known, in words. */
export function mistakesOf(
  error: z.ZodError,
  { schema, example }: { readonly schema: z.ZodObject; readonly example: string },
): readonly { readonly path: Path; readonly mistake: Mistake }[] {
  const known = Object.keys(schema.shape);
  const mend = `Write it like ${example}.`;
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code !== 'unrecognized_keys')
      return [{ path, mistake: { what: `${issue.message.replace(/^Invalid input: /, '')}.`, mend } }];
    return issue.keys.map((key) => ({
      path: [...path, key],
      mistake: {
        what: `"${key}" means nothing here.`,
        mend: didYouMean(key, known) || (known.length > 0 ? `Known are ${known.join(', ')}.` : 'Remove it.'),
      },
    }));
  });
}
