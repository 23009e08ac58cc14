import type { Block, EventPlace } from '#event-model';
import type { Source } from '../schema/step.js';

/** Columns of staged rows: those of the entry table, and the text line that a parser made the line of. */
export const ROW_COLUMNS = ['block', 'row', 'received_at', 'source', 'line', 'original'];

/** The rows of some blocks, where statements can read them any number of times, in the same order. */
export interface StagedRows {
  readonly rows: Source;
  /** A SELECT of these rows, for statements that leave them out; in place of an earlier list, whose rows it must have too. */
  listRows(rows: readonly EventPlace[]): Promise<string>;
  /** Takes the rows away: no statement that reads them begins any more. Doesn't reject. */
  remove(): Promise<void>;
}

/** Puts blocks where the engine reads them: files for the one in the process, a session's table for a server. */
export interface RowStaging {
  stage(token: string, blocks: readonly Block[]): Promise<StagedRows>;
  /** Removes what is left. */
  clear(): Promise<void>;
}
