/** A Parquet file of this machine, in the place of a table, and the explicit schema that it is read with. */
export interface FileTable {
  readonly path: string;
  readonly bytes: number;
  readonly structure: string;
}

/** What a placeholder stands for; `{name:File}` for a file. */
export type ParameterValue = string | number | readonly string[] | readonly number[] | FileTable;

/** Values bound to `{name:Type}` placeholders; never part of the statement's text. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** Whether a value is a file that is read as a table. */
export function isFileTable(value: ParameterValue): value is FileTable {
  return typeof value === 'object' && 'path' in value;
}

/** Which statements wait for each other: searches never hold up writes. */
export type Lane = 'read' | 'write';

export interface StatementOptions {
  readonly lane: Lane;
  readonly parameters?: Parameters;
  /** Ends the statement in the engine, not only the wait for it. */
  readonly signal?: AbortSignal;
  /** Whose temporary tables the statement reads: those of a server's session. */
  readonly session?: string | undefined;
}

/** A SELECT whose rows become a file of this machine. */
export interface FileOptions extends Pick<StatementOptions, 'parameters' | 'signal'> {
  /** `name = value`. */
  readonly settings: readonly string[];
}

/** A Parquet file of this machine and the explicit schema that it is read with. */
export interface ParquetSource extends Pick<StatementOptions, 'signal'> {
  readonly path: string;
  readonly structure: string;
}

/** A file of events of this machine. */
export interface FileOfEvents {
  readonly path: string;
  readonly format: 'Parquet' | 'JSONEachRow';
  /** The explicit schema that it is read with. */
  readonly structure: string;
}

/** A file that is made of others. */
export interface Conversion extends Pick<StatementOptions, 'signal'> {
  readonly from: readonly FileOfEvents[];
  /** Not there yet. */
  readonly to: Omit<FileOfEvents, 'structure'>;
  /** `name = value`. */
  readonly settings: readonly string[];
}

export interface StreamOptions {
  readonly parameters?: Parameters;
  /** Milliseconds that the engine may work in all; the reader's own time doesn't count. */
  readonly timeoutMs: number;
  /** Ends the statement in the engine, at work or waiting for its reader. */
  readonly signal?: AbortSignal;
}

/** Some rows of a text: those of one string column, each with a line feed behind it. */
export interface TextPiece {
  readonly bytes: Uint8Array;
  readonly rows: number;
}

/** A statement's answer. */
export interface StatementResult {
  /** Rows of a SELECT as objects; 64-bit integers as text. */
  rows<T>(): T[];
  readonly elapsedMs: number;
  /** What the engine read for it. */
  readonly rowsRead: number;
  readonly bytesRead: number;
  /** Rows that there would be without LIMIT; all of them where the statement has `exact_rows_before_limit`. */
  readonly rowsBeforeLimit: number;
}

/**
 * Runs ClickHouse statements. The embedded engine and a server fit behind it alike.
 *
 * @throws TierError by the meaning of the engine's code.
 */
export interface Engine {
  /** Where its files are, of one that runs in this process. */
  readonly directory?: string;
  run(statement: string, options: StatementOptions): Promise<StatementResult>;
  /**
   * The one String column of a SELECT, piece by piece: the engine works only while the next piece is asked for. Whoever
   * stops reading ends the statement.
   *
   * @throws TierError `timeout` where the engine worked too long, `unavailable` where it is stopped.
   */
  stream(statement: string, options: StreamOptions): AsyncIterable<TextPiece>;
  /** Writes the rows of a SELECT into a Parquet file, which is not there yet. */
  saveParquet(select: string, path: string, options: FileOptions): Promise<void>;
  /** Asks about a Parquet file, which this process reads: `ask` gives the SELECT, told what stands for the file in it. */
  askParquet(ask: (file: string) => string, source: ParquetSource): Promise<StatementResult>;
  /** Makes a file of others, all of this process: `ask` gives the SELECT, told what stands for each of them in it. */
  convertFile(ask: (...files: string[]) => string, conversion: Conversion): Promise<void>;
  /** Waits for statements under way and closes. Idempotent. */
  close(): Promise<void>;
}
