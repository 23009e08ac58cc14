import { TierError } from '#plugin-kit';
import type { StatementResult } from '../engine/engine.js';
import type { Engine } from '../engine/engine.js';
import { engineCode, MEMORY_LIMIT } from '../engine/error-codes.js';
import { resultOrNone } from './rows-or-none.js';
import { readOnly, type BoundValues } from './bound-values.js';

/** Nice value of searches, so that ingest and its acknowledgements come first on a busy machine. */
const NICE = 10;
/** Of a LIMIT up to here most columns are read for the rows of the answer alone. */
export const LAZY_ROWS = 1_000;
const RESULT_TOO_LARGE = 396;
/** Too deep, too many parts, too many steps of the parser. */
const TOO_INTRICATE = [167, 168, 306];

export interface SearchLimits {
  /** Milliseconds for all statements of the search together. */
  readonly timeoutMs: number;
  /** Bytes of memory that one statement may hold. */
  readonly memoryBytes: number;
  /** Bytes of a statement's answer. */
  readonly resultBytes: number;
}

/** What a statement of a search may take besides the search's own limits. */
export interface StatementBudget {
  readonly values: BoundValues;
  /** Milliseconds after which the statement answers nothing, in place of a timeout. */
  readonly budgetMs?: number;
  /** Whether to know how many rows there are beyond its LIMIT. */
  readonly countsAll?: boolean;
}

/** Runs the statements of one search within its limits, and adds up what they read. */
export class SearchRun {
  readonly #started = performance.now();
  #rowsRead = 0;
  #bytesRead = 0;

  constructor(
    private readonly engine: Engine,
    private readonly limits: SearchLimits,
    private readonly signal?: AbortSignal,
  ) {}

  get elapsedMs(): number {
    return Math.round((performance.now() - this.#started) * 10) / 10;
  }

  /** What was read by now. */
  get stats() {
    return { rowsRead: this.#rowsRead, bytesRead: this.#bytesRead, elapsedMs: this.elapsedMs };
  }

  /**
   * The answer of a SELECT; undefined where there is no such table.
   *
   * @throws TierError `timeout`; `query` where the search takes more memory or answers more bytes than it may
   */
  async ask(select: string, { values, ...budget }: StatementBudget): Promise<StatementResult | undefined> {
    const statement = `${select} SETTINGS ${this.#settings(values, budget).join(', ')}`;
    const options = { lane: 'read' as const, parameters: values.parameters };
    const signal = this.signal ? { signal: this.signal } : {};
    try {
      const result = await resultOrNone(this.engine.run(statement, { ...options, ...signal }));
      this.#rowsRead += result?.rowsRead ?? 0;
      this.#bytesRead += result?.bytesRead ?? 0;
      return result;
    } catch (error) {
      throw this.#inWordsOfSearch(error);
    }
  }

  #settings(values: BoundValues, { budgetMs, countsAll = false }: Omit<StatementBudget, 'values'>): string[] {
    const left = this.limits.timeoutMs - this.elapsedMs;
    if (left <= 0) throw new TierError('timeout', `The search took longer than ${this.limits.timeoutMs} ms.`);
    const withBudget = ["timeout_overflow_mode = 'break'", `max_execution_time = ${(budgetMs ?? 0) / 1_000}`];
    return [
      ...(budgetMs === undefined ? [`max_execution_time = ${left / 1_000}`] : withBudget),
      readOnly(values),
      'max_threads = 2',
      `os_threads_nice_value_query = ${NICE}`,
      `max_memory_usage = ${Math.trunc(this.limits.memoryBytes)}`,
      `max_result_bytes = ${Math.trunc(this.limits.resultBytes)}`,
      `query_plan_max_limit_for_lazy_materialization = ${LAZY_ROWS}`,
      ...(countsAll ? ['exact_rows_before_limit = 1'] : []),
    ];
  }

  #inWordsOfSearch(error: unknown): unknown {
    const code = engineCode(error);
    const isOwnMemory = code === MEMORY_LIMIT && !String((error as Error).message).includes('(total)');
    if (isOwnMemory)
      return new TierError(
        'query',
        'The search takes more memory than one may have: narrow the time range, ask for fewer events, or add filters.',
        error,
      );
    if (TOO_INTRICATE.includes(code))
      return new TierError('query', 'The search has too many conditions: ask with fewer of them.', error);
    if (code !== RESULT_TOO_LARGE) return error;
    return new TierError(
      'query',
      `A page of more than ${this.limits.resultBytes} bytes is not answered: send a smaller limit and follow next_cursor.`,
      error,
    );
  }
}
