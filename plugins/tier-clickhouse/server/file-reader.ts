import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conversion, Engine, ParquetSource, StatementResult } from '../engine/engine.js';

/** Bytes that reading a file may hold: a row group at a time. */
const MEMORY_BYTES = 2 ** 30;
/** One that reads, beside those that an engine keeps for writes. */
const CONCURRENCY = 3;

/**
 * Reads files of this machine, which a server elsewhere can't, with an engine in the process that is opened at the first
 * file. It keeps nothing.
 */
export class FileReader {
  #opened: Promise<{ readonly engine: Engine; readonly directory: string }> | undefined;

  /** @param directory of its own, emptied before and behind its use; a temporary one where absent */
  constructor(private readonly directory?: string) {}

  async ask(ask: (file: string) => string, source: ParquetSource): Promise<StatementResult> {
    return (await this.#engine()).askParquet(ask, source);
  }

  async convert(ask: (...files: string[]) => string, conversion: Conversion): Promise<void> {
    await (await this.#engine()).convertFile(ask, conversion);
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.engine.close();
    if (opened) await rm(opened.directory, { recursive: true, force: true });
  }

  async #engine(): Promise<Engine> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return (await this.#opened).engine;
  }

  async #open() {
    const directory = this.directory ?? (await mkdtemp(join(tmpdir(), 'alluvium-reader-')));
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    const { ChdbEngine } = await import('../engine/chdb-engine.js');
    return {
      engine: new ChdbEngine({ directory, memoryBytes: MEMORY_BYTES, concurrency: CONCURRENCY }),
      directory,
    };
  }
}
