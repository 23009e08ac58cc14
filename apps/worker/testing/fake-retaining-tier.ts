import type { BlockId } from '#event-model';
import type { CountedUnit, SourceMinuteCount, StreamPart } from '#plugin-kit';

/** An event of the day that a scene is about. */
interface FakeEvent extends SourceMinuteCount {
  readonly block: BlockId;
}

/** What a worker asks of a tier to remove a day: events that come in groups, one for each block. */
export class FakeRetainingTier {
  events: FakeEvent[] = [];
  /** Days whose roll-ups were made again. */
  readonly rebuilt: number[] = [];
  /** Called before each call does anything. */
  reach: (call: string) => void = () => {};

  /** The block with this number has these events. */
  add(block: number, events: number, place: Pick<SourceMinuteCount, 'source' | 'minute'>): void {
    this.events.push({ block: String(block).padStart(32, '0') as BlockId, events, ...place });
  }

  get total(): number {
    return this.events.reduce((sum, { events }) => sum + events, 0);
  }

  countUnit = async (
    { day, generation }: StreamPart,
    through?: BlockId,
  ): Promise<CountedUnit | undefined> => {
    this.reach('countUnit');
    const counted = this.#upTo(through);
    const last = counted.at(-1);
    if (!last) return undefined;
    return {
      ...{ day, generation, lastReceivedAt: 0n, through: last.block },
      events: counted.reduce((sum, { events }) => sum + events, 0),
      identities: counted.map(({ block }) => Number(block)).join('+'),
    };
  };

  countUnitByMinute = async (_part: StreamPart, through: BlockId): Promise<readonly SourceMinuteCount[]> => {
    this.reach('countUnitByMinute');
    return this.#upTo(through).map(({ source, minute, events }) => ({ source, minute, events }));
  };

  removeUnit = async (_part: StreamPart, through: BlockId): Promise<void> => {
    this.reach('removeUnit');
    const going = new Set(this.#upTo(through));
    this.events = this.events.filter((one) => !going.has(one));
    this.reach('unit removed');
  };

  rebuildRollUps = async (_stream: unknown, day: number): Promise<void> => {
    this.reach('rebuildRollUps');
    this.rebuilt.push(day);
  };

  #upTo(through: BlockId | undefined): FakeEvent[] {
    return this.events.filter(({ block }) => through === undefined || block <= through);
  }
}
