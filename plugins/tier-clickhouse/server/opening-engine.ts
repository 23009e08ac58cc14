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

/**
 * An engine that must be made ready before its first statement, and that may not answer yet: each statement tries again
 * until it was made ready once.
 */
export class OpeningEngine implements Engine {
  #opened: Promise<void> | undefined;

  /** @param open makes the engine ready, by statements to the engine itself, not to this one */
  constructor(
    private readonly engine: Engine,
    private readonly open: () => Promise<void>,
  ) {}

  async run(statement: string, options: StatementOptions): Promise<StatementResult> {
    await this.#whenOpen();
    return this.engine.run(statement, options);
  }

  async *stream(statement: string, options: StreamOptions): AsyncGenerator<TextPiece> {
    await this.#whenOpen();
    yield* this.engine.stream(statement, options);
  }

  async saveParquet(select: string, path: string, options: FileOptions): Promise<void> {
    await this.#whenOpen();
    await this.engine.saveParquet(select, path, options);
  }

  /** Not the server's work. */
  askParquet(ask: (file: string) => string, source: ParquetSource): Promise<StatementResult> {
    return this.engine.askParquet(ask, source);
  }

  convertFile(ask: (...files: string[]) => string, conversion: Conversion): Promise<void> {
    return this.engine.convertFile(ask, conversion);
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  #whenOpen(): Promise<void> {
    this.#opened ??= this.open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }
}
