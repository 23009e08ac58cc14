import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { drainPending, Session } from 'chdb';
import { TierError } from '#plugin-kit';
import { streamText } from './chdb-stream.js';
import { compactResult, RESULT_FORMAT } from './compact-result.js';
import { quoteText } from '../schema/names.js';
import type {
  Conversion,
  Engine,
  FileOptions,
  ParquetSource,
  StatementOptions,
  StatementResult,
  StreamOptions,
  TextPiece,
} from './engine.js';
import { toTierError } from './error-codes.js';
import { inlineValues, renderFile } from './inline-values.js';
import { refusePattern } from './path-pattern.js';
import { Pool } from './session-pool.js';
import { Turns } from './turns.js';

export interface ChdbOptions {
  readonly directory: string;
  /** Bytes that the engine may hold in all. */
  readonly memoryBytes: number;
  /** Statements at once; two of them are kept for writes. */
  readonly concurrency: number;
}

const WRITE_SESSIONS = 2;
/**
 * Reads that begin at once: one core is left to what comes in, since a thread that has to wait for a core, however low the
 * others' priority is, waits for milliseconds at each step of an acknowledgement (`npm run bench:latency`).
 */
const READS_AT_ONCE = Math.max(1, availableParallelism() - 1);
/** After which a read doesn't hold up the next one any more: milliseconds. */
const READ_TURN_MS = 250;
/** Between two tries to end a statement whose caller left: milliseconds. */
const KILL_AGAIN_MS = 100;
/** Threads that remove what was merged. */
const CLEANING_THREADS = 2;
/** A file is what its structure says: its folders' names are no columns, and what it lacks is an error. */
const FILE_SETTINGS = ['use_hive_partitioning=0', 'input_format_parquet_allow_missing_columns=0'];
/** Longest statement, with its values: bytes. */
const MAX_STATEMENT = 4 * 2 ** 20;

/**
 * ClickHouse inside the process. A session runs one statement at a time on a thread of libuv's pool, so there are
 * several: two for writes, the rest for reads.
 */
export class ChdbEngine implements Engine {
  readonly #lanes: Readonly<Record<'read' | 'write', Pool<Session>>>;
  readonly #turns = new Turns(READS_AT_ONCE, READ_TURN_MS);
  /** Statements that are told apart for KILL run here, so that a full lane can't hold up its own cure. */
  readonly #control: Session;
  readonly #open: () => Session;
  /** Sessions whose last statement failed. */
  readonly #stained = new WeakSet<Session>();
  /** Ends the statements whose readers take their time. */
  readonly #stopping = new AbortController();
  #closed: Promise<void> | undefined;

  readonly directory: string;

  constructor(options: ChdbOptions) {
    this.directory = options.directory;
    const open = openSession(options);
    this.#open = open;
    this.#control = open();
    const reads = Math.max(1, options.concurrency - WRITE_SESSIONS);
    this.#lanes = {
      write: new Pool(Array.from({ length: WRITE_SESSIONS }, open)),
      read: new Pool(Array.from({ length: reads }, open)),
    };
  }

  async run(statement: string, options: StatementOptions): Promise<StatementResult> {
    options.signal?.throwIfAborted();
    try {
      return await this.#inLane(options, (session) => this.#execute(session, statement, options));
    } catch (error) {
      throw toTierError(error);
    }
  }

  /** A session has one stream at a time, so each gets one of its own; it takes turns with the searches for its pieces. */
  async *stream(statement: string, options: StreamOptions): AsyncGenerator<TextPiece> {
    const { parameters, signal, timeoutMs } = options;
    const ending = AbortSignal.any([this.#stopping.signal, ...(signal ? [signal] : [])]);
    ending.throwIfAborted();
    const { comment, forget, kill } = this.#killOnAbort(ending);
    const text = withComment(inlineValues(statement, parameters), comment);
    const turn = <T>(work: () => Promise<T>): Promise<T> =>
      this.#inLane({ lane: 'read', signal: ending }, work);
    try {
      yield* streamText({ open: this.#open, statement: text, turn, kill, signal: ending, timeoutMs });
    } catch (error) {
      throw toTierError(error);
    } finally {
      forget();
    }
  }

  async saveParquet(select: string, path: string, { settings, ...options }: FileOptions): Promise<void> {
    refusePattern(path);
    const statement = `INSERT INTO FUNCTION file(${quoteText(path)}, 'Parquet') ${select} SETTINGS ${settings.join(', ')}`;
    await this.run(statement, { ...options, lane: 'read' });
  }

  async askParquet(
    ask: (file: string) => string,
    { path, structure, ...options }: ParquetSource,
  ): Promise<StatementResult> {
    return this.run(ask(renderFile({ path, structure })), { ...options, lane: 'read' });
  }

  async convertFile(
    ask: (...files: string[]) => string,
    { from, to, settings, ...options }: Conversion,
  ): Promise<void> {
    refusePattern(to.path);
    const select = ask(...from.map(renderFile));
    const statement = `INSERT INTO FUNCTION file(${quoteText(to.path)}, '${to.format}') ${select} SETTINGS ${settings.join(', ')}`;
    await this.run(statement, { ...options, lane: 'read' });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** What comes in never waits for a read; reads wait for their turn and for a session. */
  #inLane<T>(
    { lane, signal }: Pick<StatementOptions, 'lane' | 'signal'>,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const use = (): Promise<T> => this.#lanes[lane].use(work, signal);
    return lane === 'write' ? use() : this.#turns.run(use, signal);
  }

  async #execute(session: Session, statement: string, options: StatementOptions): Promise<StatementResult> {
    const kill = options.signal && this.#killOnAbort(options.signal);
    const bound = inlineValues(statement, options.parameters);
    const text = kill ? withComment(bound, kill.comment) : bound;
    refuseLong(text);
    try {
      await this.#rinse(session);
      const started = performance.now();
      const result = await session.queryAsync(text, { format: RESULT_FORMAT });
      return compactResult(result.text(), performance.now() - started);
    } catch (error) {
      this.#stained.add(session);
      throw error;
    } finally {
      kill?.forget();
    }
  }

  /**
   * What a statement had answered before it failed, the library puts in front of the session's next answer: it would be
   * taken for rows of another question, and of another tenant. So it is taken away first.
   */
  async #rinse(session: Session): Promise<void> {
    if (!this.#stained.has(session)) return;
    await session.queryAsync('SELECT 1', { format: RESULT_FORMAT });
    this.#stained.delete(session);
  }

  /**
   * Abandoning the wait would leave the engine at work: the statement is ended by its comment, never SYNC (it blocks), and
   * again until it has ended, since the engine finds no statement that it has not begun yet.
   */
  #killOnAbort(signal: AbortSignal): { comment: string; forget: () => void; kill: () => void } {
    const comment = randomUUID();
    const where = `Settings['log_comment'] = '${comment}'`;
    let repeat: NodeJS.Timeout | undefined;
    const kill = (): void => {
      this.#control.queryAsync(`KILL QUERY WHERE ${where} ASYNC`).catch(() => undefined);
    };
    const begin = (): void => {
      kill();
      repeat ??= setInterval(kill, KILL_AGAIN_MS);
    };
    signal.addEventListener('abort', begin, { once: true });
    const forget = (): void => {
      clearInterval(repeat);
      signal.removeEventListener('abort', begin);
    };
    return { comment, forget, kill: begin };
  }

  /** Closing with work in flight aborts the engine for the rest of the process: so everything is waited for. */
  async #close(): Promise<void> {
    this.#stopping.abort(new TierError('unavailable', 'The search engine is stopped.'));
    const pools = Object.values(this.#lanes);
    await Promise.all(pools.map((pool) => pool.drain()));
    await drainPending();
    for (const session of pools.flatMap((pool) => pool.items)) session.close();
    this.#control.close();
  }
}

function openSession(options: ChdbOptions): () => Session {
  const connectionArgs = [
    `--max_server_memory_usage=${options.memoryBytes}`,
    '--output_format_json_quote_64bit_integers=1',
    `--max_query_size=${MAX_STATEMENT}`,
    // Its default, 128 threads, removes small parts no sooner and stays in memory.
    `--max_parts_cleaning_thread_pool_size=${CLEANING_THREADS}`,
    ...FILE_SETTINGS.map((setting) => `--${setting}`),
  ];
  return () => {
    try {
      return new Session(options.directory, { connectionArgs });
    } catch (error) {
      throw new TierError(
        'config',
        `The search engine can't open ${options.directory}: another process may have it open, or it isn't writable.`,
        error,
      );
    }
  };
}

/** Longer texts would only be parsed to be refused. */
function refuseLong(statement: string): void {
  if (statement.length >= MAX_STATEMENT)
    throw new TierError('query', 'The question is too long: ask with fewer or shorter values.');
}

function withComment(statement: string, comment: string): string {
  return statement.includes(' SETTINGS ')
    ? `${statement}, log_comment = '${comment}'`
    : `${statement} SETTINGS log_comment = '${comment}'`;
}
