import { Problem } from '../../problems/problem.js';

/** What is wrong with a query string, where, and what to write instead. */
export class QueryMistake extends Error {
  constructor(
    message: string,
    /** Zero-based place of the character at fault. */
    readonly position: number,
    readonly mend: string,
  ) {
    super(message);
  }

  /** The answer `query_invalid`; it counts characters from 1, as people do. */
  toProblem(): Problem {
    const where = `at character ${this.position + 1}`;
    return new Problem('query_invalid', `The query can not be read: ${this.message}, ${where}.`, {
      mend: this.mend,
      errors: [{ path: 'query', message: `${this.message}, ${where}`, mend: this.mend }],
    });
  }
}
