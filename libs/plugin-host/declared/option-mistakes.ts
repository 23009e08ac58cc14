import { z } from 'zod';
import { OptionMistakesError, type OptionMistake } from '#plugin-kit';

/** What is wrong with a parser's options, where that is what the error says; else undefined. */
export function optionMistakesOf(error: unknown): readonly OptionMistake[] | undefined {
  if (error instanceof OptionMistakesError) return error.mistakes;
  if (!(error instanceof z.ZodError)) return undefined;
  return error.issues.map(({ path, message, ...issue }) => ({
    path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message,
    mend: mendOf(issue),
  }));
}

function mendOf(issue: object): string {
  const params = 'params' in issue ? (issue.params as { readonly mend?: string } | undefined) : undefined;
  return params?.mend ?? 'GET /api/v1/parsers shows the schema of the options of each kind.';
}
