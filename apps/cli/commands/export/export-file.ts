import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { UsageError } from '../../cli-error.js';
import { RowReader, type RowFormat } from './row-reader.js';

/** What has to be known to go on with an export. */
export interface ExportState {
  /** Parameters of the request, without those below. */
  readonly query: string;
  /** As the first answer fixed it, RFC 3339. */
  readonly startTime: string;
  readonly endTime: string;
}

const READ_BYTES = 1024 * 1024;

/**
 * The file of an export while it is made: `<path>.part`, and beside it `<path>.part.json` with what is needed to go on after
 * a kill. It gets its name when it is whole.
 */
export class ExportFile {
  readonly #part: string;
  readonly #statePath: string;
  #file = -1;

  constructor(private readonly path: string) {
    this.#part = `${path}.part`;
    this.#statePath = `${path}.part.json`;
  }

  /** What was begun here and can be gone on with. @throws UsageError where that is another export */
  readState(query: string): ExportState | undefined {
    if (!existsSync(this.#statePath) || !existsSync(this.#part)) return undefined;
    const state = JSON.parse(readFileSync(this.#statePath, 'utf8')) as ExportState;
    if (state.query === query) return state;
    throw new UsageError(
      `${this.#part} is the beginning of an export with other options.`,
      'Go on with the same options as before, choose another file, or begin anew with --restart.',
    );
  }

  /** Begins anew. */
  begin(): void {
    rmSync(this.#statePath, { force: true });
    this.#file = openSync(this.#part, 'w', 0o600);
  }

  /** Opens what is there, and cuts off what isn't whole. */
  resume(format: RowFormat): RowReader {
    const rows = new RowReader(format);
    this.#file = openSync(this.#part, 'r+');
    const piece = Buffer.alloc(READ_BYTES);
    let at = 0;
    for (let got = this.#read(piece, at); got > 0; got = this.#read(piece, at)) {
      rows.feed(piece.subarray(0, got));
      at += got;
    }
    rows.dropRest();
    ftruncateSync(this.#file, rows.bytes);
    // What is written from here on stands at the end.
    closeSync(this.#file);
    this.#file = openSync(this.#part, 'a');
    return rows;
  }

  keepState(state: ExportState): void {
    writeFileSync(this.#statePath, JSON.stringify(state), { mode: 0o600 });
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
  }

  /** The export is whole. */
  finish(): void {
    this.close();
    renameSync(this.#part, this.path);
    rmSync(this.#statePath, { force: true });
  }

  /** Idempotent. */
  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }

  #read(piece: Buffer, at: number): number {
    return readSync(this.#file, piece, 0, piece.length, at);
  }
}
