import { UsageError } from '../../cli-error.js';
import { ApiClient } from '../../client/api-client.js';
import { selectionQuery, type SelectionOptions } from '../../client/selection-options.js';
import { requireServerPlace, type ServerOptions } from '../../client/server-place.js';
import { showCount } from '../../output/figures.js';
import { printable } from '../../output/printable.js';
import { mayColour, writeOut } from '../../output/write-out.js';
import { followEvents } from './follow.js';
import { showEvent, type EventForm, type FoundEvent } from './show-event.js';

/** What the options of the command hold. */
export interface SearchOptions extends ServerOptions, SelectionOptions {
  readonly limit?: number;
  readonly sort?: 'asc' | 'desc';
  readonly columns?: string;
  readonly json?: true;
  readonly follow?: true;
}

/** A page of the search API, as far as it is used. */
interface LogsPage {
  readonly total: number;
  readonly total_is_exact: boolean;
  readonly logs: readonly FoundEvent[];
  readonly next_cursor: string | null;
}

const DEFAULT_LIMIT = 100;
/** Events that `--follow` shows before those that come. */
const DEFAULT_BEFORE = 10;
const PAGE_EVENTS = 1_000;

/** Searches, or follows until it is ended. @throws CliError */
export async function search(words: readonly string[], options: SearchOptions): Promise<void> {
  const form = formOf(options);
  const onRetry = (note: string): void => void process.stderr.write(`${printable(note)}\n`);
  const api = new ApiClient(requireServerPlace(options), { onRetry });
  const query = selectionQuery(words, options);
  try {
    if (options.follow) await follow(api, query, form, options);
    else await printFound(api, query, form, options);
  } finally {
    api.close();
  }
}

async function printFound(
  api: ApiClient,
  query: URLSearchParams,
  form: EventForm,
  options: SearchOptions,
): Promise<void> {
  const { limit = DEFAULT_LIMIT, sort = 'desc' } = options;
  query.set('sort', sort);
  let shown = 0;
  for await (const page of pages(api, query, limit)) {
    await writeOut(page.logs.map((event) => showEvent(event, form)).join(''));
    shown += page.logs.length;
    if (page.isLast && !form.json && process.stderr.isTTY) process.stderr.write(footer(page, shown));
  }
}

/** Pages until there are so many events, or no more. */
async function* pages(
  api: ApiClient,
  query: URLSearchParams,
  limit: number,
): AsyncGenerator<LogsPage & { readonly isLast: boolean }> {
  let left = limit;
  for (let cursor: string | null = ''; cursor !== null && left > 0;) {
    const asked = new URLSearchParams(query);
    asked.set('limit', String(Math.min(left, PAGE_EVENTS)));
    if (cursor !== '') asked.set('cursor', cursor);
    const page: LogsPage = await api.json<LogsPage>({ path: '/api/v1/logs', query: asked });
    left -= page.logs.length;
    cursor = page.next_cursor;
    yield { ...page, isLast: cursor === null || left <= 0 };
  }
}

function footer({ total, total_is_exact: isExact, next_cursor: next }: LogsPage, shown: number): string {
  if (total === 0)
    return 'Nothing was found. Is the time right? Without --from, the last 24 hours are searched.\n';
  const most = next === null ? '' : '; --limit shows more';
  return `${showCount(shown)} of ${showCount(total)}${isExact ? '' : ' or more'}${most}\n`;
}

async function follow(
  api: ApiClient,
  query: URLSearchParams,
  form: EventForm,
  options: SearchOptions,
): Promise<void> {
  for (const name of ['from', 'to', 'sort'] as const)
    if (options[name] !== undefined)
      throw new UsageError(`--${name} does not go with --follow.`, 'Search first, then follow.');
  await followEvents(api, query, {
    before: () => newest(api, query, options.limit ?? DEFAULT_BEFORE),
    show: (events) => writeOut(events.map((event) => showEvent(event, form)).join('')),
    note: (text) => void process.stderr.write(`${printable(text)}\n`),
  });
}

/** The newest events, oldest first. */
async function newest(api: ApiClient, query: URLSearchParams, limit: number): Promise<readonly FoundEvent[]> {
  const found: FoundEvent[] = [];
  for await (const { logs } of pages(api, query, limit)) found.push(...logs);
  return found.reverse();
}

function formOf({ json, columns }: SearchOptions): EventForm {
  const names = columns?.split(',').map((name) => name.trim());
  if (names?.includes(''))
    throw new UsageError('--columns has an empty name in it.', 'Give names with commas between.');
  return { json: json === true, columns: names, colours: mayColour() };
}
