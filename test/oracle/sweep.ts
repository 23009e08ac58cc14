import type { Answer, ApiClient, FoundEvent, FoundQuarantined } from '../support/api-client.js';
import { patiently } from './patiently.js';

/** Rows of one page of the API, at most. */
export const PAGE = 10_000;

/** A span of time in milliseconds since the epoch; the end is not part of it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Gives every event of a stream in the span to `take`: halves the span until what is in it fits on one page. */
export async function sweepStream(
  api: ApiClient,
  stream: string,
  span: Span,
  take: (event: FoundEvent) => void,
): Promise<void> {
  const query = { stream, start_time: iso(span.from), end_time: iso(span.to), limit: 1 };
  const { total } = bodyOf(await patiently(() => api.logs(query)), 'logs');
  if (total === 0) return;
  if (total > PAGE) return sweepHalves(api, stream, span, take);
  const page = bodyOf(await patiently(() => api.logs({ ...query, limit: PAGE })), 'logs');
  if (page.logs.length !== total)
    throw new Error(`A page of ${page.logs.length} events says there are ${total}`);
  page.logs.forEach(take);
}

async function sweepHalves(api: ApiClient, stream: string, span: Span, take: (event: FoundEvent) => void) {
  const middle = Math.floor((span.from + span.to) / 2);
  if (middle === span.from) throw new Error(`More than ${PAGE} events in the millisecond ${iso(span.from)}`);
  await sweepStream(api, stream, { from: span.from, to: middle }, take);
  await sweepStream(api, stream, { from: middle, to: span.to }, take);
}

/** Gives every quarantined line of a stream and source to `take`; they must fit on one page. */
export async function sweepQuarantine(
  api: ApiClient,
  stream: string,
  source: string,
  take: (row: FoundQuarantined) => void,
): Promise<void> {
  const page = bodyOf(
    await patiently(() => api.quarantine({ stream, source, limit: String(PAGE) })),
    'quarantine',
  );
  if (page.total !== page.events.length) {
    throw new Error(
      `${page.total} lines of ${source} are in quarantine, but a page holds ${page.events.length}: verify more often`,
    );
  }
  page.events.forEach(take);
}

function bodyOf<Body>(answer: Answer<Body>, what: string): Body {
  if (answer.status === 200) return answer.body;
  throw new Error(`GET ${what} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

const iso = (ms: number): string => new Date(ms).toISOString();
