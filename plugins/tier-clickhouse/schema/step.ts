import { quoteName } from './names.js';

/** A named expression; those of later levels may use it. */
export type Step = readonly [name: string, expression: string];

/**
 * Levels of steps as subqueries within each other, so that each expression is worked out once; a level hands on only what
 * a later one or `wanted` names. A WITH clause would put an expression's text wherever its name is used, and `SELECT *`
 * makes the engine resolve every column again at each level: either way it would take longer to read the statement
 * than to insert the rows.
 */
export function nestLevels(levels: readonly (readonly Step[])[], from: Source, wanted: string): string {
  let { columns } = from;
  let source = from.table;
  levels.forEach((steps, n) => {
    const later = namesIn([
      ...levels
        .slice(n + 1)
        .flat()
        .map(([, expression]) => expression),
      wanted,
    ]);
    const passed = columns.filter((name) => later.has(name));
    const made = steps.map(([name, expression]) => `${expression} AS ${quoteName(name)}`);
    columns = [...passed, ...steps.map(([name]) => name)];
    source = `(SELECT ${[...passed.map(quoteName), ...made].join(', ')} FROM ${source})`;
  });
  return source;
}

/** A table or subquery with the columns that steps may use. */
export interface Source {
  readonly table: string;
  readonly columns: readonly string[];
  /** Where only statements of one session can read it. */
  readonly session?: string;
}

const NAME = /`([^`]+)`|[A-Za-z_]\w*/g;

function namesIn(expressions: readonly string[]): Set<string> {
  const names = expressions.flatMap((text) => [...text.matchAll(NAME)].map((match) => match[1] ?? match[0]));
  return new Set(names);
}
