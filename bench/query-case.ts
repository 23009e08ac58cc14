import type { Newest, QueryReference } from './query-reference.js';

/** A query of the bench: how the appliance and the bare engine are asked, and what the answer must be. */
export interface QueryCase {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  /** Without one it is a GET. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** The same question as a statement on the stream's own table, as one would write it by hand. */
  readonly statement: (table: string) => string;
  /** The peers' medians on 5M events over 24 h: VictoriaLogs / OpenSearch / Loki, ms. */
  readonly peers: string;
  /** What is wrong with an answer; empty where nothing is. */
  readonly check: (answer: Answer, reference: QueryReference) => string;
}

/** An answer of a search, of a look-up or of an aggregation. */
export interface Answer {
  readonly total?: number;
  readonly total_is_exact?: boolean;
  readonly logs?: readonly { readonly timestamp: string; readonly event_id: string }[];
  readonly buckets?: readonly Bucket[];
  readonly event_id?: string;
}

interface Bucket {
  readonly time?: string;
  readonly group: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

type Asked = Pick<QueryCase, 'name' | 'title' | 'path' | 'body'>;

/** A search for events. */
export function search(name: string, title: string, body: Readonly<Record<string, unknown>>): Asked {
  return { name, title, path: '/api/v1/logs', body: { limit: 100, ...body } };
}

/** Figures over events; a count where none is named. */
export function aggregation(name: string, title: string, body: Readonly<Record<string, unknown>>): Asked {
  return { name, title, path: '/api/v1/logs/aggregate', body };
}

/** The newest 100 events that meet a condition. */
export function pageStatement(where: string): QueryCase['statement'] {
  return (table) => `SELECT * FROM ${table} WHERE ${where} ORDER BY timestamp DESC LIMIT 100`;
}

/** A moment as the engine writes it. */
export function moment(ms: number): string {
  return `fromUnixTimestamp64Milli(${ms}, 'UTC')`;
}

/** A page must have exactly the newest events, and know the total or a lower bound of it. */
export function checkPage({ logs = [], total = 0, ...answer }: Answer, newest: Newest): string {
  const times = newest.list();
  const found = logs.map(({ timestamp }) => Date.parse(timestamp));
  if (found.join() !== times.join()) return `${found.length} events that are not the ${times.length} newest`;
  const isRight = answer.total_is_exact === false ? total <= newest.total : total === newest.total;
  return isRight ? '' : `a total of ${total}, not ${newest.total}`;
}

/** Figures that must be the same, in order, or off by no more than a share. */
export function checkFigures(found: readonly number[], expected: readonly number[], off = 0): string {
  if (found.length !== expected.length) return `${found.length} figures, not ${expected.length}`;
  const isWrong = (value: number, i: number): boolean => {
    const right = expected[i] ?? 0;
    return !(Math.abs(value - right) <= off * right);
  };
  const wrong = found.findIndex(isWrong);
  return wrong < 0 ? '' : `${String(found[wrong])} where ${String(expected[wrong])} is right`;
}

/** A metric of each bucket, in the order of the answer. */
export function metricOf({ buckets = [] }: Answer, name: string): number[] {
  return buckets.map(({ metrics }) => metrics[name] ?? Number.NaN);
}
