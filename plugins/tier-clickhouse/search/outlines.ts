import type { StreamSpec } from '#plugin-kit';
import { tableNames } from '../schema/names.js';
import type { SearchRun } from './search-run.js';
import type { TimeWindow } from './time-windows.js';

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

  /** @returns undefined where the stream has no event */
  async of(run: SearchRun, stream: StreamSpec): Promise<Outline | undefined> {
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

/** Without a filter, the engine answers from what it knows of its parts. */
async function readOutline(run: SearchRun, table: string): Promise<Outline | undefined> {
  const time = (column: string): string => `toString(toUnixTimestamp64Nano(${column}(timestamp)))`;
  const statement = `SELECT count() AS rows, ${time('min')} AS first, ${time('max')} AS last FROM ${table}`;
  const result = await run.ask(statement, { parameters: {} });
  const [outline] = result?.rows<{ rows: string; first: string; last: string }>() ?? [];
  const rows = Number(outline?.rows ?? 0);
  if (!outline || rows === 0) return undefined;
  return { rows, from: BigInt(outline.first), to: BigInt(outline.last) + 1n };
}
