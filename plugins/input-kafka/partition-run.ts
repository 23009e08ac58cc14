import type { Place } from './lines-of.js';
import type { Offsets } from './offsets.js';
import type { TopicRecord } from './topic-record.js';

/** Most that is taken at once; one that is longer comes alone. */
const TAKEN_BYTES = 1024 * 1024;
const TAKEN_RECORDS = 5_000;
/** Beyond it nothing is read until some of it is taken: what is in doubt after a crash always has room. */
const BUFFER_BYTES = 4 * 1024 * 1024;

/** Records from an offset to before another one, which are taken together under a name that stays. */
export interface RecordRange extends Place {
  readonly from: number;
  readonly to: number;
  readonly records: readonly TopicRecord[];
}

export interface PartitionParts {
  readonly place: Place;
  readonly offsets: Offsets;
  /** Where a partition begins that the group was never in. */
  readonly from: 'earliest' | 'latest';
  /** Resolves when the records are durable, also where they were before. */
  take(range: RecordRange, signal: AbortSignal): Promise<void>;
  pause(): void;
  resume(): void;
  /** Goes on reading at an offset. */
  seek(offset: number): void;
  /** Records went out of the topic before anybody took them. */
  expired(records: number): void;
  failed(error: unknown): void;
}

/** A partition for as long as the group leaves it to this member: takes its records in order, a range after the other. */
export class PartitionRun {
  private buffer: TopicRecord[] = [];
  private bytes = 0;
  private next = 0;
  private isPaused = false;
  /** Whether the group knows how far it is, with nothing in doubt. */
  private isSaid = true;
  private wake: () => void = () => undefined;
  private readonly ending = new AbortController();
  private readonly begun: Promise<number | undefined>;
  private readonly running: Promise<void>;

  /** @param before what this member did with the partition under an earlier assignment: it has to be over */
  constructor(
    private readonly parts: PartitionParts,
    before: Promise<unknown>,
  ) {
    this.begun = before.then(() => this.begin());
    this.running = this.begun
      .then((doubt) => this.run(doubt))
      .catch((error: unknown) => {
        if (!this.hasEnded) parts.failed(error);
      });
    this.begun.catch(() => undefined);
  }

  /** Takes what was read, in order; says nothing of when it is taken. */
  async add(records: readonly TopicRecord[]): Promise<void> {
    await this.begun;
    for (const record of records) {
      if (record.end <= this.next || record.offset < (this.buffer.at(-1)?.end ?? 0)) continue;
      this.buffer.push(record);
      this.bytes += sizeOf(record);
    }
    if (!this.isPaused && this.bytes > BUFFER_BYTES) {
      this.isPaused = true;
      this.parts.pause();
    }
    this.wake();
  }

  /** Takes nothing more; resolves when nothing is under way. */
  async end(): Promise<void> {
    this.ending.abort();
    this.wake();
    await this.running;
  }

  /** Ends in order: whoever comes next, however late, finds nothing in doubt. */
  async leave(signal: AbortSignal): Promise<void> {
    await this.end();
    if (!this.isSaid) await this.parts.offsets.commit(this.parts.place, this.next, undefined, signal);
  }

  private get hasEnded(): boolean {
    return this.ending.signal.aborted;
  }

  private async begin(): Promise<number | undefined> {
    const { offsets, place, from } = this.parts;
    const { next, doubt } = await offsets.read(place);
    const { first, end } = await offsets.bounds(place);
    this.next = next ?? (from === 'latest' ? end : first);
    // An earlier assignment may have left it paused.
    this.parts.resume();
    if (next === undefined && from === 'latest') {
      this.parts.seek(end);
      await offsets.commit(place, end, undefined, this.ending.signal);
    }
    const lost = first - (doubt ?? this.next);
    if (lost > 0) this.parts.expired(lost);
    return doubt;
  }

  private async run(left: number | undefined): Promise<void> {
    const { offsets, place } = this.parts;
    const { signal } = this.ending;
    for (let doubt = left; !signal.aborted;) {
      const to = this.endOfNext(doubt);
      if (to === undefined) {
        if (!this.isSaid) await offsets.commit(place, this.next, undefined, signal);
        this.isSaid = true;
        await this.more(doubt);
        continue;
      }
      if (doubt === undefined) await offsets.commit(place, this.next, to, signal);
      await this.parts.take(this.rangeTo(to), signal);
      this.drop(to);
      doubt = undefined;
      this.isSaid = false;
    }
  }

  /** Where the next range ends; undefined while it is not there, or not whole where it is one in doubt. */
  private endOfNext(doubt: number | undefined): number | undefined {
    if (doubt !== undefined) return (this.buffer.at(-1)?.end ?? 0) >= doubt ? doubt : undefined;
    let bytes = 0;
    let end: number | undefined;
    for (const record of this.buffer.slice(0, TAKEN_RECORDS)) {
      bytes += sizeOf(record);
      if (end !== undefined && bytes > TAKEN_BYTES) break;
      ({ end } = record);
    }
    return end;
  }

  private rangeTo(to: number): RecordRange {
    const records = this.buffer.filter(({ offset }) => offset < to);
    return { ...this.parts.place, from: this.next, to, records };
  }

  private drop(to: number): void {
    this.next = to;
    this.buffer = this.buffer.filter(({ offset }) => offset >= to);
    this.bytes = this.buffer.reduce((sum, record) => sum + sizeOf(record), 0);
    if (!this.isPaused || this.bytes > BUFFER_BYTES / 2) return;
    this.isPaused = false;
    this.parts.resume();
  }

  /** Waits for more records than there are. */
  private async more(doubt: number | undefined): Promise<void> {
    const arrived = new Promise<void>((resolve) => (this.wake = resolve));
    if (this.endOfNext(doubt) === undefined && !this.hasEnded) await arrived;
  }
}

function sizeOf({ value }: TopicRecord): number {
  return (value?.length ?? 0) + 100;
}
