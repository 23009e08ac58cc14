import type { Block, BlockId, EventPlace } from '#event-model';
import {
  TierError,
  type ClaimIds,
  type IdentifiedEvent,
  type InsertReport,
  type PresentRows,
  type QuarantinedRow,
  type SourceMinuteCount,
  type StreamSpec,
  type TierBatch,
} from '#plugin-kit';
import type { PrimaryTier } from '#storage-tier';

/** How an insert ends: `before` and `partial` and `after` throw with nothing, half or all of the rows stored. */
export type InsertEnd = 'ok' | 'before' | 'partial' | 'after' | 'one short';

export interface FakeRow extends EventPlace {
  readonly stream: string;
  readonly line: string;
}

/** What the tier's tables hold: a row that is stored twice is there twice. */
export class FakeTables {
  readonly stored: FakeRow[] = [];
  readonly quarantined: (FakeRow & { readonly reason: string })[] = [];
  /** Events by day, counted at each insert, as a view does. */
  readonly rollUps = new Map<number, number>();
}

/** Rows of a line that starts with this are refused by the format. */
export const BAD = '!';
/** A line with this makes the engine refuse a whole insert. */
export const POISON = 'poison';
const DAY = 20261121;

/** Keeps rows in memory, as a tier would whose inserts aren't atomic, and fails as it is told. */
export class FakeTier implements PrimaryTier {
  readonly name = 'fake';
  /** One entry a call: its method, and the number of rows where rows are written. */
  readonly calls: string[] = [];
  readonly tokens: string[] = [];
  readonly rebuilt: number[] = [];
  /** Ends of the next inserts; `ok` once there are none left. */
  ends: InsertEnd[] = [];
  /** Rows of one insert that its memory does for. */
  mostRows = Infinity;
  /** Called at each method: what it throws, the method throws. */
  reach: (method: string) => void = () => {};
  /** Awaited in the middle of an insert. */
  whileInserting: () => Promise<void> = async () => {};

  constructor(readonly tables = new FakeTables()) {}

  async insert(batch: TierBatch, claim?: ClaimIds): Promise<InsertReport> {
    const known = claim ? await claim(await this.clientIds(batch)) : [];
    const rows = rowsOf({ ...batch, skip: [...batch.skip, ...known] });
    this.#called(`insert ${rows.length}`);
    this.tokens.push(batch.token);
    const end = this.ends.shift() ?? 'ok';
    if (end === 'before') throw lost();
    if (rows.length > this.mostRows)
      throw new TierError('unavailable', 'memory limit exceeded', undefined, true);
    if (rows.some(({ line }) => line.includes(POISON))) throw new TierError('data', 'a view refused a row');
    await this.whileInserting();
    const done = end === 'partial' ? rows.slice(0, Math.ceil(rows.length / 2)) : rows;
    const report = this.#store(done, end !== 'partial');
    if (end === 'partial' || end === 'after') throw lost();
    this.reach('inserted');
    return end === 'one short' ? { ...report, stored: report.stored - 1 } : report;
  }

  async refuse(batch: TierBatch, reason: string): Promise<InsertReport> {
    const rows = rowsOf(batch);
    this.#called(`refuse ${rows.length}`);
    this.tables.quarantined.push(...rows.map((row) => ({ ...row, reason })));
    return { stored: 0, quarantined: rows.map(({ block, row }) => ({ block, row, reason })) };
  }

  async present(_stream: StreamSpec, blocks: readonly BlockId[]): Promise<readonly PresentRows[]> {
    this.#called('present');
    return blocks.map((block) => ({
      block,
      stored: this.tables.stored.filter((row) => row.block === block).map(({ row }) => row),
      quarantined: this.tables.quarantined
        .filter((row) => row.block === block)
        .map(({ row, reason }) => ({ block, row, reason })),
    }));
  }

  async clientIds(batch: TierBatch): Promise<readonly IdentifiedEvent[]> {
    this.#called('clientIds');
    return rowsOf(batch).flatMap(({ block, row, line }) => {
      const id = /"id":"(\w+)"/.exec(line)?.[1];
      return id === undefined ? [] : [{ block, row, id }];
    });
  }

  async daysOf(_stream: StreamSpec, blocks: readonly BlockId[]): Promise<readonly number[]> {
    const rows = this.tables.stored.filter(({ block }) => blocks.includes(block));
    return [...new Set(rows.map(dayOf))];
  }

  async checkRollUps(): Promise<readonly number[]> {
    this.#called('checkRollUps');
    const days = new Set([...this.tables.rollUps.keys(), ...this.tables.stored.map(dayOf)]);
    return [...days].filter((day) => this.tables.rollUps.get(day) !== this.#eventsOf(day));
  }

  async rebuildRollUps(_stream: StreamSpec, day: number): Promise<void> {
    this.#called('rebuildRollUps');
    this.rebuilt.push(day);
    this.tables.rollUps.set(day, this.#eventsOf(day));
  }

  async count({ name }: StreamSpec): Promise<number> {
    return this.tables.stored.filter(({ stream }) => stream === name).length;
  }

  async countByMinute(): Promise<readonly SourceMinuteCount[]> {
    return [];
  }

  async countQuarantine(): Promise<readonly (SourceMinuteCount & { readonly stream: string })[]> {
    return [];
  }

  async prepare(): Promise<void> {}
  async ping(): Promise<void> {}
  async stop(): Promise<void> {}

  #called(call: string): void {
    this.calls.push(call);
    this.reach(call);
  }

  #eventsOf(day: number): number {
    return this.tables.stored.filter((row) => dayOf(row) === day).length;
  }

  #store(rows: readonly FakeRow[], withRollUps: boolean): InsertReport {
    const bad = rows.filter(({ line }) => line.startsWith(BAD));
    const good = rows.filter(({ line }) => !line.startsWith(BAD));
    const refused: QuarantinedRow[] = bad.map(({ block, row }) => ({ block, row, reason: 'not_json' }));
    this.tables.stored.push(...good);
    this.tables.quarantined.push(...bad.map((row) => ({ ...row, reason: 'not_json' })));
    const counted = withRollUps ? good : [];
    for (const day of counted.map(dayOf))
      this.tables.rollUps.set(day, (this.tables.rollUps.get(day) ?? 0) + 1);
    return { stored: good.length, quarantined: refused };
  }
}

/** The day that a line names as `day:<YYYYMMDD>`, else one and the same. */
function dayOf({ line }: FakeRow): number {
  return Number(/day:(\d{8})/.exec(line)?.[1] ?? DAY);
}

export function rowsOf({ blocks, skip }: TierBatch): FakeRow[] {
  const skipped = new Set(skip.map(({ block, row }) => `${block}-${row}`));
  return blocks.flatMap(linesOf).filter(({ block, row }) => !skipped.has(`${block}-${row}`));
}

function linesOf({ header, body, rows }: Block): FakeRow[] {
  const lines = Buffer.from(body).toString().trimEnd().split('\n');
  return lines.map((line, at) => ({
    stream: header.stream,
    block: header.id,
    row: rows?.[at] ?? at,
    line,
  }));
}

function lost(): TierError {
  return new TierError('unavailable', 'the engine did not answer');
}
