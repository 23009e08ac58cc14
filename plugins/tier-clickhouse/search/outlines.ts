import type { AskedStream } from '#plugin-kit';
import { tableNames } from '../schema/names.js';
import { BoundValues } from './bound-values.js';
import type { SearchRun } from './search-run.js';
import { spanning, type TimeWindow } from './time-windows.js';

/** Where a stream's events are in time, and how many there are. */
export interface Outline extends TimeWindow {
  readonly rows: number;
}

/** How long an outline is taken for about right: milliseconds. */
const FRESH_MS = 5_000;
const MAX_KEPT = 1_000;

/**
 * About how many events streams have, and when: enough to decide where a search looks first, never what it leaves out.
 * Remembered for some seconds, since asking costs as much as a small search.
 */
export class Outlines {
  readonly #kept = new Map<string, { readonly outline: Outline; readonly readAt: number }>();

  /** @returns undefined where the stream has no event, archived ones of the question included */
  async of(run: SearchRun, stream: AskedStream): Promise<Outline | undefined> {
    const { archived = [] } = stream;
    const units = archived.map(({ events, oldest, newest }) => ({
      ...{ rows: events, from: oldest, to: newest + 1n },
    }));
    const table = await this.#ofTable(run, stream);
    return [...(table ? [table] : []), ...units].reduce<Outline | undefined>(
      (all, one) => (all ? joined(all, one) : one),
      undefined,
    );
  }

  async #ofTable(run: SearchRun, stream: AskedStream): Promise<Outline | undefined> {
    const { stream: table } = tableNames(stream.tenant, stream.name);
    const kept = this.#kept.get(table);
    if (kept && performance.now() - kept.readAt < FRESH_MS) return kept.outline;
    const outline = await readOutline(run, table);
    this.#kept.delete(table);
    if (outline) this.#keep(table, outline);
    return outline;
  }

  #keep(table: string, outline: Outline): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(table, { outline, readAt: performance.now() });
  }
}

function joined(a: Outline, b: Outline): Outline {
  return { ...spanning(a, b), rows: a.rows + b.rows };
}

/** Without a filter, the engine answers from what it knows of its parts. */
async function readOutline(run: SearchRun, table: string): Promise<Outline | undefined> {
  const time = (column: string): string => `toString(toUnixTimestamp64Nano(${column}(timestamp)))`;
  const statement = `SELECT count() AS rows, ${time('min')} AS first, ${time('max')} AS last FROM ${table}`;
  const result = await run.ask(statement, { values: new BoundValues() });
  const [outline] = result?.rows<{ rows: string; first: string; last: string }>() ?? [];
  const rows = Number(outline?.rows ?? 0);
  if (!outline || rows === 0) return undefined;
  return { rows, from: BigInt(outline.first), to: BigInt(outline.last) + 1n };
}
