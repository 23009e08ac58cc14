import { Api, type Bucket, type LogEvent, type LogsPage } from './api.js';
import { Detail } from './detail.js';
import { byId } from './dom.js';
import { drawHistogram } from './histogram.js';
import { forgetKey, keptKey, showKeyForm, watchKeyForm } from './key-entry.js';
import { followEvents } from './live-tail.js';
import { clearProblem, showProblem } from './problem-box.js';
import { addRows, MAX_ROWS, showRows, walkRows } from './rows.js';
import { addCondition, chooseRange, currentQuery, currentRange, watchRange } from './search-form.js';
import { watchServer } from './server-state.js';
import { intervalFor, type TimeRange } from './time-range.js';

let api: Api | undefined;
/** Ends the search or the tail under way. */
let current = new AbortController();

const detail = new Detail({
  api: () => api ?? new Api(''),
  narrow: (condition) => {
    addCondition(condition);
    void search();
  },
});
const open = (event: LogEvent): void => void detail.open(event);

async function search(): Promise<void> {
  const range = currentRange();
  if (!range || !api) return;
  const signal = begin('Searching …');
  const asked = { query: currentQuery(), start_time: range.start_time, end_time: range.end_time };
  await guarded(async () => {
    const [page] = await Promise.all([
      (api as Api).post<LogsPage>('/api/v1/logs', { ...asked, limit: MAX_ROWS }, signal),
      showHistogram(api as Api, { asked, range, signal }),
    ]);
    showRows(page.logs, open);
    say(describe(page));
  });
}

interface Histogram {
  readonly asked: object;
  readonly range: TimeRange;
  readonly signal: AbortSignal;
}

async function showHistogram(asking: Api, { asked, range, signal }: Histogram): Promise<void> {
  const interval = intervalFor(range.length);
  const body = { ...asked, interval, fill: true };
  const { buckets } = await asking.post<{ buckets: Bucket[] }>('/api/v1/logs/aggregate', body, signal);
  drawHistogram(buckets, interval, (from, to) => {
    chooseRange(from, to);
    void search();
  });
}

async function follow(): Promise<void> {
  if (!api) return;
  const signal = begin('Following …');
  byId('live').setAttribute('aria-pressed', 'true');
  showRows([], open);
  await guarded(() =>
    followEvents(
      api as Api,
      currentQuery(),
      {
        show: (events, { came, dropped }) => {
          addRows(events, open);
          const left = dropped === 0 ? '' : `, ${dropped.toLocaleString('en')} left out by the server`;
          say(`Following: ${came.toLocaleString('en')} came${left}. The newest ${MAX_ROWS} are shown.`);
        },
      },
      signal,
    ),
  );
  if (!signal.aborted) byId('live').setAttribute('aria-pressed', 'false');
}

/** Ends what is under way. */
function begin(words: string): AbortSignal {
  current.abort();
  current = new AbortController();
  byId('live').setAttribute('aria-pressed', 'false');
  clearProblem();
  say(words);
  return current.signal;
}

/** Shows what goes wrong; a key that isn't known is asked for again. */
async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const problem = showProblem(error);
    if (!problem) return;
    say(byId('rows').childElementCount > 0 ? 'The events below are of the question before.' : '');
    if (problem.code === 'unauthenticated') leave();
  }
}

function enter(key: string): void {
  api = new Api(key);
  showKeyForm(false);
  look();
  void search();
}

function leave(): void {
  forgetKey();
  api = undefined;
  current.abort();
  byId('quarantine').hidden = true;
  showRows([], open);
  showKeyForm(true);
}

function say(words: string): void {
  byId('status').textContent = words;
}

function describe({ total, total_is_exact: isExact, logs, stats }: LogsPage): string {
  const shown = logs.length < total || !isExact ? `The newest ${logs.length} of ` : '';
  const all = `${isExact ? '' : 'at least '}${total.toLocaleString('en')} ${total === 1 ? 'event' : 'events'}`;
  return `${shown}${all}, in ${Math.round(stats.elapsed_ms)} ms`;
}

const look = watchServer(() => api);
watchRange();
walkRows();
watchKeyForm(enter);
byId('forget-key').addEventListener('click', () => {
  clearProblem();
  leave();
});
byId('search-form').addEventListener('submit', (event) => {
  event.preventDefault();
  void search();
});
byId('live').addEventListener('click', () => {
  const isOn = byId('live').getAttribute('aria-pressed') === 'true';
  void (isOn ? search() : follow());
});
const kept = keptKey();
if (kept === undefined) showKeyForm(true);
else enter(kept);
