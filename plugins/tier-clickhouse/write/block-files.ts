import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Block } from '#event-model';
import { quoteText } from '../schema/names.js';

/**
 * Blocks as files for the engine to read, one each, with what a row must know of its block in the name:
 * `<block>.<received_at ns>.<source>`. Named one by one in the statement, never by a wildcard.
 */
export class BlockFiles {
  private constructor(
    private readonly directory: string,
    private readonly names: readonly string[],
  ) {}

  /** Writes the blocks into a fresh folder. */
  static async write(scratch: string, name: string, blocks: readonly Block[]): Promise<BlockFiles> {
    const directory = join(scratch, name);
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    const names = blocks.map(fileName);
    await Promise.all(blocks.map((block, n) => writeFile(join(directory, names[n] ?? ''), block.body)));
    return new BlockFiles(directory, names);
  }

  /** `file(…)`, a table of `line` with the virtual columns `_file` and `_row_number`. */
  get table(): string {
    const list = this.names.length === 1 ? (this.names[0] ?? '') : `{${this.names.join(',')}}`;
    return `file(${quoteText(join(this.directory, list))}, LineAsString, 'line String')`;
  }

  /** A tab-separated list of rows beside the blocks, for statements that leave rows out. */
  async writeRows(rows: readonly { readonly block: string; readonly row: number }[]): Promise<string> {
    const path = join(this.directory, 'rows.tsv');
    await writeFile(path, rows.map(({ block, row }) => `${block}\t${row}\n`).join(''));
    return `SELECT toFixedString(unhex(b), 16), r FROM file(${quoteText(path)}, TSV, 'b String, r UInt32')`;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Columns of the entry table as expressions over a block file. */
export const FILE_COLUMNS = {
  block: 'toFixedString(unhex(substring(_file, 1, 32)), 16)',
  row: 'toUInt32(_row_number)',
  receivedAt: "fromUnixTimestamp64Nano(toInt64OrZero(substring(_file, 34, 19)), 'UTC')",
  source: 'substring(_file, 54)',
} as const;

function fileName({ header }: Block): string {
  return `${header.id}.${header.receivedAt.toString().padStart(19, '0')}.${header.source}`;
}
