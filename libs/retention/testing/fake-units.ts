import type { BlockId } from '#event-model';
import type { CountedUnit, RetainingTier, StoredUnit, StreamPart, StreamSpec, TableTtl } from '#plugin-kit';
import { startOf } from '../day.js';

/** Events that came in one block. */
interface FakeBlock {
  readonly stream: string;
  readonly day: number;
  /** Rises from block to block. */
  readonly number: number;
  readonly events: number;
}

/** Bytes of one event. */
const EVENT_BYTES = 100;

/** A tier in memory: blocks of events by stream and day. */
export class FakeUnits implements Pick<
  RetainingTier,
  'storedUnits' | 'tableTtls' | 'countUnit' | 'removeUnit'
> {
  blocks: FakeBlock[] = [];
  ttls: readonly TableTtl[] = [];
  #last = 0;

  /** Stores a block of a day. */
  add(stream: string, day: number, events: number): void {
    this.#last += 1;
    this.blocks.push({ stream, day, number: this.#last, events });
  }

  /** Events of the stream's day; of all its days. */
  count(stream: string, day?: number): number {
    return sum(this.blocks.filter((one) => one.stream === stream && one.day === (day ?? one.day)));
  }

  storedUnits({ name }: StreamSpec): Promise<readonly StoredUnit[]> {
    const days = new Set(this.blocks.filter(({ stream }) => stream === name).map(({ day }) => day));
    return Promise.resolve([...days].toSorted((a, b) => a - b).map((day) => this.#unit(name, day)));
  }

  tableTtls(): Promise<readonly TableTtl[]> {
    return Promise.resolve(this.ttls);
  }

  countUnit(part: StreamPart, through?: BlockId): Promise<CountedUnit | undefined> {
    const here = this.#upTo(part, through);
    const last = here.at(-1);
    const { day, generation } = part;
    const identities = here.map(({ number }) => number).join('+');
    return Promise.resolve(
      last && {
        ...{ day, generation, events: sum(here), identities },
        ...{ through: blockOf(last.number), lastReceivedAt: BigInt(last.number) },
      },
    );
  }

  removeUnit(part: StreamPart, through: BlockId): Promise<void> {
    const gone = new Set(this.#upTo(part, through));
    this.blocks = this.blocks.filter((one) => !gone.has(one));
    return Promise.resolve();
  }

  #upTo({ stream, day }: StreamPart, through?: BlockId): readonly FakeBlock[] {
    const here = this.blocks.filter((one) => one.stream === stream.name && one.day === day);
    return here.filter(({ number }) => through === undefined || blockOf(number) <= through);
  }

  #unit(stream: string, day: number): StoredUnit {
    const events = this.count(stream, day);
    const start = BigInt(startOf(day)) * 1_000_000n;
    return {
      ...{ day, generation: 0, events, diskBytes: events * EVENT_BYTES },
      ...{ oldest: start, newest: start + 1n },
    };
  }
}

function blockOf(number: number): BlockId {
  return number.toString(16).padStart(32, '0') as BlockId;
}

function sum(blocks: readonly FakeBlock[]): number {
  return blocks.reduce((total, { events }) => total + events, 0);
}
