import type { Filter, FilterRange } from '#plugin-kit';
import { QueryMistake } from './query-mistake.js';
import { maskEscapes, QueryText, unescape, type Piece } from './query-text.js';
import { fieldWildcard, phraseFilter, rangeFilter, unsupportedSuffix, valueFilter } from './query-value.js';

const MAX_DEPTH = 20;
const MAX_CLAUSES = 200;
const COMPARISONS = [
  ['>=', 'from'],
  ['<=', 'to'],
  ['>', 'above'],
  ['<', 'below'],
] as const;

/**
 * Reads a query in the manner of Lucene's, its operators by precedence (NOT, AND, OR), words side by side joined by AND.
 * A small parser of our own: those on npm lose positions, escapes, 64-bit numbers or times, or give AND and OR the same
 * rank (`docs/adr/0004-query-language.md`).
 *
 * @param now for relative times, milliseconds since the epoch
 * @throws Problem `query_invalid` with the place of the mistake
 */
export function parseQuery(text: string, now: () => number = Date.now): Filter {
  try {
    return new QueryParser(new QueryText(text), now).parse();
  } catch (error) {
    throw error instanceof QueryMistake ? error.toProblem() : error;
  }
}

class QueryParser {
  #depth = 0;
  #clauses = 0;

  constructor(
    private readonly text: QueryText,
    private readonly now: () => number,
  ) {}

  parse(): Filter {
    if (this.text.atEnd()) return { kind: 'all', of: [] };
    const filter = this.#any(undefined);
    if (!this.text.atEnd()) throw this.#mistake('a ) has no (', 'Remove it, or write \\) for the sign.');
    return filter;
  }

  #any(field: string | undefined): Filter {
    const of = [this.#all(field)];
    while (this.#takeOperator('OR', '||')) of.push(this.#all(field));
    return joined('any', of);
  }

  #all(field: string | undefined): Filter {
    const of = [this.#clause(field)];
    while (this.#takeOperator('AND', '&&') || this.#anotherFollows()) of.push(this.#clause(field));
    return joined('all', of);
  }

  #anotherFollows(): boolean {
    if (this.text.atEnd() || this.text.peek() === ')') return false;
    return this.text.wordOperator() !== 'OR' && !this.text.text.startsWith('||', this.text.position);
  }

  /** With the signs before it: `NOT`, `!` and `-` turn it round, `+` changes nothing. */
  #clause(field: string | undefined): Filter {
    if (this.text.takePrefix('+')) return this.#deeper(() => this.#clause(field));
    if (this.#takeOperator('NOT', undefined) || this.text.takePrefix('!-'))
      return { kind: 'not', of: this.#deeper(() => this.#clause(field)) };
    return this.text.peek() === '(' ? this.#group(field) : this.#value(field);
  }

  #group(field: string | undefined): Filter {
    const position = this.text.position;
    this.text.take('(');
    const filter = this.#deeper(() => this.#any(field));
    if (this.text.take(')')) return filter;
    throw new QueryMistake('a ( is not closed', position, 'Close it with ), or write \\( for the sign.');
  }

  #value(field: string | undefined): Filter {
    this.#countClause();
    if (field !== undefined) return this.#valueOf(field);
    const sign = this.text.peek();
    if (sign === '[' || sign === '{')
      throw this.#mistake('a range has no field', 'Write such as status:[500 TO 599].');
    const isQuoted = sign === '"';
    const first = isQuoted ? this.text.readQuoted() : this.#term('without colons');
    if (!this.text.takeHere(':'))
      return isQuoted ? this.#phrase(undefined, first) : valueFilter(undefined, first, this.now);
    const name = isQuoted ? first.raw : fieldName(first);
    if (name === '')
      throw this.#mistake('a field has no name', 'Write such as status:500, or \\: for the sign.');
    return this.text.peek() === '(' ? this.#group(name) : this.#valueOf(name);
  }

  #valueOf(field: string): Filter {
    const sign = this.text.peek();
    if (sign === '"') return this.#phrase(field, this.text.readQuoted());
    if (sign === '[' || sign === '{') return this.#range(field);
    for (const [operator, key] of COMPARISONS)
      if (this.text.take(operator)) return this.#compared(field, key);
    return valueFilter(field, this.#term('with colons'), this.now);
  }

  #compared(field: string, key: keyof FilterRange): Filter {
    const bound = this.text.peek() === '"' ? this.text.readQuoted() : plain(this.#term('with colons'));
    return rangeFilter(field, { [key]: bound }, this.now);
  }

  #range(field: string): Filter {
    const position = this.text.position;
    const low = this.text.peek() === '[' ? 'from' : 'above';
    this.text.take(low === 'from' ? '[' : '{');
    const start = this.#bound();
    if (!(this.text.take('TO') && /[\s"]/.test(this.text.peekHere()))) throw this.#rangeMistake(position);
    const end = this.#bound();
    const high = this.text.take(']') ? 'to' : 'below';
    if (high === 'below' && !this.text.take('}')) throw this.#rangeMistake(position);
    return rangeFilter(field, { ...(start && { [low]: start }), ...(end && { [high]: end }) }, this.now);
  }

  /** Undefined for `*`, which leaves this side open. */
  #bound(): Piece | undefined {
    if (this.text.peek() === '"') return this.text.readQuoted();
    const piece = this.text.readBound();
    if (piece.raw === '') throw this.#rangeMistake(piece.position);
    return piece.raw === '*' ? undefined : plain(piece);
  }

  #rangeMistake(position: number): QueryMistake {
    return new QueryMistake(
      'a range is not complete',
      position,
      'Write [1 TO 5], with { or } where a bound is not part of it and * where there is none.',
    );
  }

  #phrase(field: string | undefined, phrase: Piece): Filter {
    const suffix = this.text.peekHere();
    if (suffix === '~' || suffix === '^') throw unsupportedSuffix(suffix, this.text.position);
    return phraseFilter(field, phrase, this.now);
  }

  #term(colons: 'with colons' | 'without colons'): Piece {
    if (this.text.atEnd())
      throw this.#mistake('something is missing at the end', 'Write a value, or quote the sign.');
    const operator = this.text.wordOperator();
    if (operator !== undefined)
      throw this.#mistake(`${operator} has nothing before it`, `Write "${operator}" in quotes for the word.`);
    const term = this.text.readTerm(colons);
    if (term.raw === '' && this.text.peekHere() !== ':')
      throw this.#mistake('something is missing', 'Write a value, or a backslash before the sign.');
    return term;
  }

  #takeOperator(word: string, sign: string | undefined): boolean {
    if (this.text.wordOperator() === word) return this.text.take(word);
    return sign !== undefined && this.text.take(sign);
  }

  #deeper<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      throw this.#mistake(
        'this is too deep',
        `Use at most ${MAX_DEPTH} parentheses and signs within each other.`,
      );
    const result = read();
    this.#depth -= 1;
    return result;
  }

  #countClause(): void {
    this.#clauses += 1;
    if (this.#clauses > MAX_CLAUSES)
      throw this.#mistake(
        'this is one clause too many',
        `Use at most ${MAX_CLAUSES}, or filters with lists of values.`,
      );
  }

  #mistake(message: string, mend: string): QueryMistake {
    return new QueryMistake(message, this.text.position, mend);
  }
}

/** `*` alone is any field. @throws QueryMistake */
function fieldName({ raw, position }: Piece): string {
  if (raw !== '*' && maskEscapes(raw).includes('*')) throw fieldWildcard(position);
  return unescape(raw);
}

function joined(kind: 'all' | 'any', of: readonly Filter[]): Filter {
  const [only] = of;
  return of.length === 1 && only ? only : { kind, of };
}

function plain({ raw, position }: Piece): Piece {
  return { raw: unescape(raw), position };
}
