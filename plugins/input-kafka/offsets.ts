import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Consumer } from 'kafkajs';
import type { Place } from './lines-of.js';

/** How far a group has come in a partition. */
export interface GroupPlace {
  /** The first offset that is not taken for sure; undefined where the group was never here. */
  readonly next: number | undefined;
  /** Where it is set: what lies from `next` to before it was on its way, and may be taken. */
  readonly doubt: number | undefined;
}

/** How long a commit is tried while the group changes or its coordinator is another one. Milliseconds. */
const PATIENCE_MS = 20_000;
const AGAIN_AFTER_MS = 200;

/**
 * What the group's committed offsets say, durable on the brokers. Beside each stands how far the records go that are about to
 * be taken: whoever comes next takes exactly those again, under the same key.
 */
export class Offsets {
  constructor(
    private readonly consumer: Pick<Consumer, 'commitOffsets'>,
    private readonly admin: Pick<Admin, 'fetchOffsets' | 'fetchTopicOffsets'>,
    private readonly group: string,
  ) {}

  async read({ topic, partition }: Place): Promise<GroupPlace> {
    const [found] = await this.admin.fetchOffsets({ groupId: this.group, topics: [topic] });
    const mine = found?.partitions.find((each) => each.partition === partition);
    const next = Number(mine?.offset ?? -1);
    if (next < 0) return { next: undefined, doubt: undefined };
    return { next, doubt: doubtIn(mine?.metadata ?? '', next) };
  }

  /** The first offset that the partition still has, and the one behind its last. */
  async bounds({ topic, partition }: Place): Promise<{ readonly first: number; readonly end: number }> {
    const found = await this.admin.fetchTopicOffsets(topic);
    const mine = found.find((each) => each.partition === partition);
    return { first: Number(mine?.low ?? 0), end: Number(mine?.high ?? 0) };
  }

  /** Says durably that what lies before `next` is taken, and that what lies from there to before `to` is about to be. */
  async commit(place: Place, next: number, to: number | undefined, signal: AbortSignal): Promise<void> {
    const metadata = to === undefined ? '' : JSON.stringify({ to });
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await this.consumer.commitOffsets([{ ...place, offset: String(next), metadata }]);
      } catch (error) {
        if (Date.now() > until) throw error;
        await pause(AGAIN_AFTER_MS, undefined, { signal });
      }
    }
  }
}

function doubtIn(metadata: string, next: number): number | undefined {
  try {
    const { to } = JSON.parse(metadata) as { readonly to?: unknown };
    return typeof to === 'number' && Number.isSafeInteger(to) && to > next ? to : undefined;
  } catch {
    return undefined;
  }
}
