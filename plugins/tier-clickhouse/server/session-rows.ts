import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Block, EventPlace } from '#event-model';
import { encodePieces } from '../write/row-file.js';
import { ROW_COLUMNS, type RowStaging, type StagedRows } from '../write/row-staging.js';
import type { ServerEngine } from './server-engine.js';

const ROWS = 'staged_rows';
const LEFT_OUT = 'left_out_rows';
const PLACE_BYTES = 20;
const MAKE_ROWS = `CREATE TEMPORARY TABLE ${ROWS} (block FixedString(16), row UInt32, received_at DateTime64(9, 'UTC'), source String, line String, original String) ENGINE = Memory`;
const MAKE_LEFT_OUT = `CREATE OR REPLACE TEMPORARY TABLE ${LEFT_OUT} (block FixedString(16), row UInt32) ENGINE = Memory`;

/**
 * Stages rows for a server: sent once into a temporary table of a session, from which every statement of the batch reads
 * them, in the order in which they were sent. Where this process dies the session ends, and the table with it; and
 * no statement of the session can begin, late, once the table was taken away.
 */
export function stageInSessions(engine: ServerEngine): RowStaging {
  return { stage: (_token, blocks) => SessionRows.send(engine, blocks), clear: () => Promise.resolve() };
}

class SessionRows implements StagedRows {
  readonly rows;

  private constructor(
    private readonly engine: ServerEngine,
    private readonly session: string,
  ) {
    this.rows = { table: ROWS, columns: ROW_COLUMNS, session };
  }

  static async send(engine: ServerEngine, blocks: readonly Block[]): Promise<SessionRows> {
    const staged = new SessionRows(engine, randomUUID());
    try {
      await staged.#fill(MAKE_ROWS, ROWS, () => encodePieces(blocks));
      return staged;
    } catch (error) {
      await staged.remove();
      throw error;
    }
  }

  async listRows(rows: readonly EventPlace[]): Promise<string> {
    await this.#fill(MAKE_LEFT_OUT, LEFT_OUT, () => [encodePlaces(rows)]);
    return `SELECT block, row FROM ${LEFT_OUT}`;
  }

  async remove(): Promise<void> {
    await this.engine.withdraw(this.session, `DROP TEMPORARY TABLE IF EXISTS ${ROWS}`);
  }

  async #fill(make: string, table: string, pieces: () => Iterable<Buffer>): Promise<void> {
    await this.engine.run(make, { lane: 'write', session: this.session });
    await this.engine.send(`${table} FORMAT RowBinary`, this.session, () =>
      Readable.from(pieces(), { objectMode: false }),
    );
  }
}

function encodePlaces(places: readonly EventPlace[]): Buffer {
  const bytes = Buffer.allocUnsafe(places.length * PLACE_BYTES);
  places.forEach(({ block, row }, n) => {
    bytes.write(block, n * PLACE_BYTES, 'hex');
    bytes.writeUInt32LE(row, n * PLACE_BYTES + 16);
  });
  return bytes;
}
