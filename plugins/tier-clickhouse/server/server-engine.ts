import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { TierError } from '#plugin-kit';
import { compactResult } from '../engine/compact-result.js';
import type {
  Conversion,
  Engine,
  FileOptions,
  Lane,
  ParquetSource,
  StatementOptions,
  StatementResult,
  StreamOptions,
  TextPiece,
} from '../engine/engine.js';
import { engineCode, toTierError } from '../engine/error-codes.js';
import { Pool } from '../engine/session-pool.js';
import { withinTime } from '../engine/work-time.js';
import { Doubts, SESSION_IS_LOCKED } from './doubts.js';
import { FileReader } from './file-reader.js';
import { killOnAbort } from './kill-on-abort.js';
import { MAX_STATEMENT, ServerClient } from './server-client.js';
import { tooLong, toServerError } from './server-errors.js';
import type { ServerOptions } from './server-options.js';
import { sendFiles } from './session-files.js';
import { untilMark } from './until-mark.js';
import { wholeRows } from './whole-rows.js';

const WRITE_LANES = 2;
/** A session's statement is told to be done a moment before the session is free: milliseconds. */
const LOCKED_AGAIN_MS = 5;
const LOCKED_TRIES = 400;
const READS = /^\s*(SELECT|WITH)\b/;

/** A ClickHouse server, spoken to over HTTP. */
export class ServerEngine implements Engine {
  readonly #client: ServerClient;
  readonly #doubts: Doubts;
  readonly #lanes: Readonly<Record<Lane, Pool<number>>>;
  /** Ends the statements whose readers take their time. */
  readonly #stopping = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(
    private readonly options: ServerOptions,
    private readonly files = new FileReader(),
  ) {
    this.#client = new ServerClient(options);
    this.#doubts = new Doubts(this.#client);
    const lanes = (count: number): Pool<number> => new Pool(Array.from({ length: count }, (_, n) => n));
    this.#lanes = {
      write: lanes(WRITE_LANES),
      read: lanes(Math.max(1, options.concurrency - WRITE_LANES)),
    };
  }

  async run(statement: string, options: StatementOptions): Promise<StatementResult> {
    options.signal?.throwIfAborted();
    refuseLong(statement, options);
    const { statement: text, remove, ...sent } = await sendFiles(this, statement, options);
    try {
      const work = () => this.#execute(text, { ...options, ...sent });
      return await this.#lanes[options.lane].use(work, options.signal);
    } catch (error) {
      throw this.#inWords(error, options.signal);
    } finally {
      await remove();
    }
  }

  /** Sends rows into a table of a session: the table's name, and how the rows are written. */
  async send(target: string, session: string, rows: () => Readable, lane: Lane = 'write'): Promise<void> {
    try {
      await this.#lanes[lane].use(() => this.#change(`INSERT INTO ${target}`, { lane, session }, rows));
    } catch (error) {
      throw toServerError(error, this.options);
    }
  }

  /** Runs a statement of a session that takes away what others of it read: when it resolves, none of them is at work. */
  async withdraw(session: string, statement: string): Promise<void> {
    this.#doubts.add({ queryId: session, withdrawal: { session, statement } });
    // What can't be done now is done before the next write.
    await this.#doubts.settle().catch(() => undefined);
  }

  async *stream(statement: string, options: StreamOptions): AsyncGenerator<TextPiece> {
    refuseLong(statement, options);
    const sent = await sendFiles(this, statement, options);
    const clock = { leftMs: options.timeoutMs };
    const ending = this.#endingWith(options.signal);
    const query = this.#killable(ending, sent.session);
    const turn = <T>(work: () => Promise<T>): Promise<T> =>
      this.#lanes.read.use(() => withinTime(clock, query.kill, work), ending);
    const request = {
      statement: `${sent.statement} FORMAT TSVRaw`,
      parameters: sent.parameters,
      session: sent.session,
      signal: query.gone,
    };
    let body: Readable | undefined;
    try {
      const answer = await turn(() => this.#client.open({ ...request, queryId: query.id }));
      body = answer.body;
      // The server may wait for the reader, where no word of ours would reach the statement.
      ending.addEventListener('abort', () => body?.destroy(ending.reason as Error), { once: true });
      const pieces = wholeRows(body, answer.tag);
      for (;;) {
        const next = await turn(() => pieces.next());
        ending.throwIfAborted();
        if (next.done) return;
        yield next.value;
        ending.throwIfAborted();
      }
    } catch (error) {
      throw this.#inWords(error, ending);
    } finally {
      if (body && !body.readableEnded) query.kill();
      body?.destroy();
      query.forget();
      await sent.remove();
    }
  }

  async saveParquet(select: string, path: string, { settings, ...options }: FileOptions): Promise<void> {
    const ending = this.#endingWith(options.signal);
    const whole = `${select} SETTINGS ${settings.join(', ')} FORMAT Parquet`;
    const { remove, statement, parameters, session } = await sendFiles(this, whole, options);
    const query = this.#killable(ending, session);
    try {
      await this.#lanes.read.use(async () => {
        const request = { statement, parameters, session, queryId: query.id, signal: query.gone };
        const { body, tag } = await this.#client.open(request);
        await pipeline(body, untilMark(tag), createWriteStream(path, { flags: 'wx' }), {
          signal: query.gone,
        });
      }, ending);
    } catch (error) {
      query.kill();
      throw this.#inWords(error, ending);
    } finally {
      query.forget();
      await remove();
    }
  }

  askParquet(ask: (file: string) => string, source: ParquetSource): Promise<StatementResult> {
    return this.files.ask(ask, source);
  }

  convertFile(ask: (...files: string[]) => string, conversion: Conversion): Promise<void> {
    return this.files.convert(ask, conversion);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #execute(statement: string, options: StatementOptions): Promise<StatementResult> {
    const reads = READS.test(statement);
    // What is read on the lane of writes is what the writes before it did.
    if (!reads || options.lane === 'write') await this.#doubts.settle();
    const started = performance.now();
    const answer = await (reads ? this.#select(statement, options) : this.#change(statement, options));
    return compactResult(answer, performance.now() - started);
  }

  async #select(statement: string, { parameters, session, signal }: StatementOptions): Promise<string> {
    const query = this.#killable(signal, session);
    try {
      const request = { statement, parameters, session, signal: query.gone, queryId: query.id };
      return await whenUnlocked(() => this.#client.select(request));
    } finally {
      query.forget();
    }
  }

  async #change(
    statement: string,
    { parameters, session, signal }: StatementOptions,
    rows?: () => Readable,
  ): Promise<string> {
    const query = this.#killable(signal, session);
    const request = { statement, parameters, session, signal: query.gone, queryId: query.id };
    try {
      return await whenUnlocked(() => this.#client.change({ ...request, ...(rows && { rows }) }));
    } catch (error) {
      // The engine's own word says that it has ended; anything else doesn't. Of a session its owner takes care.
      if (engineCode(error) === 0 && session === undefined) this.#doubts.add({ queryId: query.id });
      throw error;
    } finally {
      query.forget();
    }
  }

  /** Whoever left is told no more than that. */
  #inWords(error: unknown, signal: AbortSignal | undefined): TierError {
    return signal?.aborted ? toTierError(error) : toServerError(error, this.options);
  }

  #endingWith(signal: AbortSignal | undefined): AbortSignal {
    const ending = AbortSignal.any([this.#stopping.signal, ...(signal ? [signal] : [])]);
    ending.throwIfAborted();
    return ending;
  }

  /** The ids of a session's statements begin with its own. */
  #killable(signal: AbortSignal | undefined, session = '') {
    const id = `${session}${randomUUID()}`;
    return { id, ...killOnAbort(signal, () => this.#client.kill(id)) };
  }

  /** Statements under way are waited for: whoever asked has their answer. */
  async #close(): Promise<void> {
    this.#stopping.abort(new TierError('unavailable', 'The search engine is stopped.'));
    await Promise.all(Object.values(this.#lanes).map((pool) => pool.drain()));
    await this.#client.close();
    await this.files.close();
  }
}

async function whenUnlocked<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = LOCKED_TRIES; ; tries -= 1)
    try {
      return await ask();
    } catch (error) {
      if (engineCode(error) !== SESSION_IS_LOCKED || tries === 0) throw error;
      await pause(LOCKED_AGAIN_MS);
    }
}

/** Longer texts would only be sent to be refused. */
function refuseLong(statement: string, { parameters = {} }: Pick<StatementOptions, 'parameters'>): void {
  const values = Object.values(parameters).reduce<number>((sum, value) => sum + String(value).length, 0);
  if (statement.length + values >= MAX_STATEMENT) throw tooLong();
}
