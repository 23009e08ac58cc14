import type { ParserRegistry } from '#plugin-host';
import { Problem } from '../problems/problem.js';

/** @throws Problem `parser_unknown` where no request may ask for a parser of this name; it says which may be. */
export function requireParser(parsers: Pick<ParserRegistry, 'has' | 'names'>, name: string): void {
  if (parsers.has(name)) return;
  const known = parsers.names().join(', ');
  throw new Problem('parser_unknown', `There is no parser named "${name}"; known are ${known}.`);
}
