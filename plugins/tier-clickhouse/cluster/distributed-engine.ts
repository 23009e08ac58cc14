import { TierError } from '#plugin-kit';
import type {
  Conversion,
  Engine,
  FileOptions,
  ParquetSource,
  StatementOptions,
  StatementResult,
  StreamOptions,
  TextPiece,
} from '../engine/engine.js';
import { isUnwritten } from '../search/written-streams.js';
import type { Members } from './members.js';
import { overShards } from './over-shards.js';

/** Says of an error that another server than the one that was asked had it. */
const OF_A_SHARD = /Received from/;

/** Asks all shards: each question goes to one member, in turn, which asks the others by its `Distributed` tables. */
export class DistributedEngine implements Engine {
  #turn = 0;

  constructor(private readonly members: Members) {}

  run(statement: string, options: StatementOptions): Promise<StatementResult> {
    const asked = overShards(statement, options.parameters);
    return this.#ask((engine) => engine.run(asked, options));
  }

  async *stream(statement: string, options: StreamOptions): AsyncGenerator<TextPiece> {
    const asked = overShards(statement, options.parameters);
    const { first, pieces } = await this.#ask(async (engine) => {
      const begun = engine.stream(asked, options)[Symbol.asyncIterator]();
      return { first: await begun.next(), pieces: begun };
    });
    try {
      for (let next = first; !next.done; next = await pieces.next()) yield next.value;
    } finally {
      await pieces.return?.();
    }
  }

  saveParquet(select: string, path: string, options: FileOptions): Promise<void> {
    const asked = overShards(select, options.parameters);
    return this.#ask((engine) => engine.saveParquet(asked, path, options));
  }

  /** Work of this process, whichever member it is asked of. */
  askParquet(ask: (file: string) => string, source: ParquetSource): Promise<StatementResult> {
    return this.members.any.engine.askParquet(ask, source);
  }

  convertFile(ask: (...files: string[]) => string, conversion: Conversion): Promise<void> {
    return this.members.any.engine.convertFile(ask, conversion);
  }

  close(): Promise<void> {
    return this.members.close();
  }

  /**
   * A member that lacks the tables may be new: only where all of them do was the stream never written.
   *
   * @throws TierError `unavailable` where a shard lacks them, whose events would be missing without a word
   */
  async #ask<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    const members = await this.members.ordered();
    this.#turn += 1;
    let unwritten: unknown;
    for (let n = 0; n < members.length; n += 1) {
      const member = members[(this.#turn + n) % members.length] ?? this.members.any;
      try {
        return await work(member.engine);
      } catch (error) {
        if (!isUnwritten(error)) throw error;
        if (OF_A_SHARD.test(String((error as Error).message))) throw lacking(error);
        unwritten = error;
      }
    }
    throw unwritten;
  }
}

function lacking(error: unknown): TierError {
  return new TierError(
    'unavailable',
    `A shard of CLICKHOUSE_CLUSTER lacks a table of the stream: name a server of each shard in CLICKHOUSE_URL; then the next event that is stored in the stream makes it, or a restart. ${(error as Error).message}`,
  );
}
