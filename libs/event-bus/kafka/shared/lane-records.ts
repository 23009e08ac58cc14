import { randomUUID } from 'node:crypto';
import { ChangeQueue, type Catalogue } from '#catalogue';
import { EventBusError } from '../../event-bus.errors.js';
import { DoneOffsets, type KeptOffsets } from './done-offsets.js';

const COLLECTION = 'bus-lanes';
const APPLIANCE = { collection: 'bus', id: 'appliance' } as const;
const NOTHING: LaneRecord = { epoch: 0, low: 0, done: [] };

/** By what this appliance is known to the group of the topic: made once. */
export interface ApplianceName {
  readonly owner: string;
  /** Of the process that it was before it was several. */
  readonly former?: string;
}

/** A partition as the catalogue has it. */
interface LaneRecord extends KeptOffsets {
  /** Of its last assignment: nobody of an older one can write it. */
  readonly epoch: number;
}

/** A partition that this process has. */
interface OwnLane {
  readonly epoch: number;
  readonly offsets: DoneOffsets;
  readonly turns: ChangeQueue;
  version: number;
}

/** What is done of each partition, in the catalogue, where every process finds it; written by the one that has the partition. */
export class LaneRecords {
  private readonly own = new Map<number, OwnLane>();

  constructor(private readonly catalogue: Catalogue) {}

  async appliance(): Promise<ApplianceName> {
    const value: ApplianceName = { owner: randomUUID() };
    await this.catalogue.write([{ ...APPLIANCE, value, ifVersion: 0 }]);
    return (await this.catalogue.read<ApplianceName>(APPLIANCE.collection, APPLIANCE.id))?.value ?? value;
  }

  /** Says that the appliance was one process before, and by what that one was known. */
  async nameFormer(former: string): Promise<void> {
    const value: ApplianceName = { ...(await this.appliance()), former };
    await this.catalogue.write([{ ...APPLIANCE, value }]);
  }

  /** Every partition that was ever assigned. */
  async all(): Promise<ReadonlyMap<number, DoneOffsets>> {
    const kept = await this.catalogue.scan<LaneRecord>(COLLECTION);
    return new Map(kept.map(({ id, value }) => [Number(id), new DoneOffsets(value)]));
  }

  /** Keeps what was known of a partition before there were records; nothing where there is one. */
  async adopt(lane: number, offsets: KeptOffsets, epoch: number): Promise<void> {
    const value: LaneRecord = { ...offsets, epoch };
    await this.catalogue.write([{ collection: COLLECTION, id: String(lane), value, ifVersion: 0 }]);
  }

  /** Takes partitions for this process, under an epoch that is higher than any before. */
  async claim(lanes: readonly number[]): Promise<number> {
    const before = await this.catalogue.scan<LaneRecord>(COLLECTION);
    const epoch = Math.max(Date.now(), ...before.map(({ value }) => value.epoch + 1));
    for (const lane of lanes) while (!(await this.take(lane, epoch)));
    return epoch;
  }

  /**
   * Says durably that records are done, and that all below `low` is.
   *
   * @throws EventBusError `fenced` where another process has the partition; CatalogueError
   */
  async finish(lane: number, offsets: readonly number[], low: number): Promise<void> {
    const own = this.own.get(lane);
    if (!own) throw fenced(lane);
    await own.turns.run(async () => {
      own.offsets.add(offsets);
      own.offsets.raise(low);
      while (!(await this.write(lane, own)));
    });
  }

  /** Says that a partition is not this process's any more. */
  forget(lane: number): void {
    this.own.delete(lane);
  }

  /** What this process knows to be done of a partition of its own. */
  ownOffsets(lane: number): DoneOffsets | undefined {
    return this.own.get(lane)?.offsets;
  }

  /** False where somebody else wrote it meanwhile. */
  private async take(lane: number, epoch: number): Promise<boolean> {
    const kept = await this.catalogue.read<LaneRecord>(COLLECTION, String(lane));
    const { low, done, epoch: before } = kept?.value ?? NOTHING;
    if (before > epoch) throw fenced(lane);
    const own: OwnLane = {
      ...{ epoch, offsets: new DoneOffsets({ low, done }), turns: new ChangeQueue() },
      version: kept?.version ?? 0,
    };
    if (!(await this.writeOnce(lane, own))) return false;
    this.own.set(lane, own);
    return true;
  }

  /** False where it has to be tried again: a write of this process's own came through although its answer was lost. */
  private async write(lane: number, own: OwnLane): Promise<boolean> {
    if (await this.writeOnce(lane, own)) return true;
    const kept = await this.catalogue.read<LaneRecord>(COLLECTION, String(lane));
    if (kept?.value.epoch !== own.epoch) throw fenced(lane);
    own.version = kept.version;
    return false;
  }

  private async writeOnce(lane: number, own: OwnLane): Promise<boolean> {
    const value: LaneRecord = { epoch: own.epoch, ...own.offsets.keep() };
    const change = { collection: COLLECTION, id: String(lane), value, ifVersion: own.version };
    const [outcome] = await this.catalogue.write([change]);
    if (outcome?.kind !== 'written') return false;
    own.version = outcome.version;
    return true;
  }
}

function fenced(lane: number): EventBusError {
  const mend = 'stop this consumer; the blocks come to the other one.';
  return new EventBusError('fenced', `Lane ${lane} belongs to another process: ${mend}`);
}
