import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Block, EventPlace } from '#event-model';
import { TierError } from '#plugin-kit';
import { quoteText } from '../schema/names.js';
import type { Source } from '../schema/step.js';
import { encodePieces, NOT_PUSHED_DOWN, selectRows } from './row-file.js';
import { ROW_COLUMNS, type RowStaging, type StagedRows } from './row-staging.js';

/** Bytes of a block, on average, below which a file of its own (0.6 ms) costs more than to write its rows out. */
const SMALL_BLOCK = 128 * 1024;

/** Stages rows for the embedded engine, which reads files, in a folder of its own. */
export function stageInFiles(scratchDirectory: string): RowStaging {
  return {
    stage: (token, blocks) =>
      BlockFiles.write(scratchDirectory, token, blocks).catch((error: unknown) => {
        throw unwritten(scratchDirectory, error);
      }),
    // An insert that was under way may still be removing its files.
    clear: () => rm(scratchDirectory, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }),
  };
}

/**
 * Blocks as files for the engine to read. Large ones lie in a file each, as they are, with what a row must know of its
 * block in the name: `<block>.<received_at ns>.<source>`; small ones, and those that a parser made, in one file, row by
 * row. Files are named one by one
 * in the statement, never by a wildcard.
 */
export class BlockFiles implements StagedRows {
  private constructor(
    private readonly directory: string,
    /** The rows of the blocks as the entry table has them. */
    readonly rows: Source,
  ) {}

  /** Writes the blocks into a fresh folder. */
  static async write(scratch: string, name: string, blocks: readonly Block[]): Promise<BlockFiles> {
    const directory = join(scratch, name);
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    const bytes = blocks.reduce((sum, { body }) => sum + body.byteLength, 0);
    const areSmall = bytes < blocks.length * SMALL_BLOCK;
    const write = areSmall || blocks.some(({ raw, rows }) => raw ?? rows) ? writeRows : writeBlocks;
    return new BlockFiles(directory, { table: await write(directory, blocks), columns: ROW_COLUMNS });
  }

  /** A tab-separated list of rows beside the blocks. */
  async listRows(rows: readonly EventPlace[]): Promise<string> {
    const path = join(this.directory, 'left-out.tsv');
    await writeFile(path, rows.map(({ block, row }) => `${block}\t${row}\n`).join(''));
    return `SELECT toFixedString(unhex(b), 16), r FROM file(${quoteText(path)}, TSV, 'b String, r UInt32')`;
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** A full disk, or a tier that is stopped meanwhile: the same batch may go through later. */
function unwritten(scratch: string, error: unknown): TierError {
  const reason = error instanceof Error ? error.message : String(error);
  return new TierError(
    'unavailable',
    `The lines of a batch can't be written to ${scratch} for the engine to read (${reason}). Look for space and rights there.`,
    error,
  );
}

/** Rows of block files at these paths, of one folder. */
export function blockFileRows(directory: string, names: readonly string[]): Source {
  const list = names.length === 1 ? (names[0] ?? '') : `{${names.join(',')}}`;
  const columns = [
    'toFixedString(unhex(substring(_file, 1, 32)), 16) AS block',
    'toUInt32(_row_number) AS row',
    "fromUnixTimestamp64Nano(toInt64OrZero(substring(_file, 34, 19)), 'UTC') AS received_at",
    'substring(_file, 54) AS source',
    'line',
    "'' AS original",
  ];
  const files = `file(${quoteText(join(directory, list))}, LineAsString, 'line String')`;
  return { table: `(SELECT ${columns.join(', ')} FROM ${files} ${NOT_PUSHED_DOWN})`, columns: ROW_COLUMNS };
}

async function writeBlocks(directory: string, blocks: readonly Block[]): Promise<string> {
  const names = blocks.map(fileName);
  await Promise.all(blocks.map((block, n) => writeFile(join(directory, names[n] ?? ''), block.body)));
  return blockFileRows(directory, names).table;
}

async function writeRows(directory: string, blocks: readonly Block[]): Promise<string> {
  const path = join(directory, 'rows.bin');
  const file = await open(path, 'wx');
  try {
    for (const piece of encodePieces(blocks)) await file.writeFile(piece);
  } finally {
    await file.close();
  }
  return selectRows(path);
}

function fileName({ header }: Block): string {
  return `${header.id}.${header.receivedAt.toString().padStart(19, '0')}.${header.source}`;
}
