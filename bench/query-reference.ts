import { mean, percentile } from './numbers.js';
import type { QueryData } from './query-data.js';

/** An event of the data set, as far as the queries look at it. */
interface BenchEvent {
  readonly timestamp: string;
  readonly level: string;
  readonly service: string;
  readonly host: string;
  readonly message: string;
  readonly user_id: string;
  readonly trace_id: string;
  readonly latency_ms: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const FIVE_MINUTES_MS = 300_000;
export const PHRASE = 'connection reset by peer';
/** Stands across the ends of words. */
export const SUBSTRING = 'set by pee';

/** Times of the newest events among many, and how many there are. */
export class Newest {
  total = 0;
  private times: number[] = [];

  constructor(private readonly count: number) {}

  add(ms: number): void {
    this.total += 1;
    this.times.push(ms);
    if (this.times.length > 100 * this.count) this.times = this.list();
  }

  /** Newest first, milliseconds since the epoch. */
  list(): number[] {
    return this.times.sort((a, b) => b - a).slice(0, this.count);
  }
}

/** Counts by a text. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(key: string): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** Counts of the most frequent, highest first. */
  top(count: number): number[] {
    return [...this.counts.values()].sort((a, b) => b - a).slice(0, count);
  }
}

/**
 * The answers to the bench's queries, by going through every event in JavaScript: what the appliance's answers are held
 * against.
 */
export class QueryReference {
  events = 0;
  /** Of the first event: what the queries ask for. */
  service = '';
  user = '';
  trace = '';
  readonly newest = new Newest(100);
  readonly newestErrors = new Newest(100);
  readonly newestServiceErrors = new Newest(100);
  readonly rare = new Newest(100);
  readonly ofUser = new Newest(100);
  readonly ofTrace = new Newest(100);
  readonly levelsByMinute = new Tally();
  readonly errorsByHost = new Tally();
  readonly lastWeekByService = new Tally();
  readonly users = new Set<string>();
  readonly usersByDay = new Map<number, Set<string>>();
  readonly latencies = new Map<string, number[]>();
  phrases = 0;
  substrings = 0;
  private readonly rareWord: RegExp;

  constructor(private readonly data: QueryData) {
    this.rareWord = new RegExp(`\\b${data.rareWord}\\b`, 'i');
  }

  /** Passes lines on, each looked at. */
  *through(lines: Iterable<string>): Generator<string> {
    for (const line of lines) {
      const event = JSON.parse(line) as BenchEvent;
      if (this.events === 0) this.choose(event);
      this.events += 1;
      this.addToPages(event, Date.parse(event.timestamp));
      this.addToFigures(event, Date.parse(event.timestamp));
      yield line;
    }
  }

  /** Milliseconds since the epoch a week before the end. */
  get weekStartMs(): number {
    return this.data.endMs - 7 * DAY_MS;
  }

  /** The range of values in which a percentile lies that is off by at most this share of the events. */
  latencyRange(bucket: string, share: number, off: number): readonly [low: number, high: number] {
    const values = this.latencies.get(bucket) ?? [];
    // A sketch of few values lies between two of them.
    const more = off + 1 / Math.max(1, values.length);
    return [percentile(values, Math.max(1e-9, share - more)), percentile(values, Math.min(1, share + more))];
  }

  meanLatency(bucket: string): number {
    return mean(this.latencies.get(bucket) ?? []);
  }

  private choose({ service, user_id: user, trace_id: trace }: BenchEvent): void {
    [this.service, this.user, this.trace] = [service, user, trace];
  }

  private addToPages(event: BenchEvent, ms: number): void {
    this.newest.add(ms);
    if (event.service === this.service && event.level === 'ERROR') {
      this.newestErrors.add(ms);
      if (ms >= this.data.endMs - HOUR_MS) this.newestServiceErrors.add(ms);
    }
    if (this.rareWord.test(event.message)) this.rare.add(ms);
    if (event.user_id === this.user) this.ofUser.add(ms);
    if (event.trace_id === this.trace) this.ofTrace.add(ms);
  }

  private addToFigures(event: BenchEvent, ms: number): void {
    const message = event.message.toLowerCase();
    if (message.includes(PHRASE)) this.phrases += 1;
    if (message.includes(SUBSTRING)) this.substrings += 1;
    this.levelsByMinute.add(`${Math.floor(ms / 60_000)} ${event.level}`);
    if (event.level === 'ERROR') this.errorsByHost.add(event.host);
    this.users.add(event.user_id);
    append(this.latencies, `${Math.floor(ms / FIVE_MINUTES_MS)} ${event.service}`, event.latency_ms);
    if (ms < this.weekStartMs) return;
    this.lastWeekByService.add(event.service);
    const day = Math.floor(ms / DAY_MS);
    const users = this.usersByDay.get(day) ?? new Set<string>();
    this.usersByDay.set(day, users.add(event.user_id));
  }
}

function append(lists: Map<string, number[]>, key: string, value: number): void {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  list.push(value);
}
