import { EventBusError } from '../event-bus.errors.js';
import type { PublishBatch, PublishOutcome } from '../event-bus.port.js';
import { unknownOutcome } from './kafka-faults.js';
import { KeyClaims, type KeyClaimsParts } from './key-claims.js';
import { laneOf } from './lane-of.js';
import { batchKeyOf, encodeRecord, type BusRecord } from './records.js';
import { bytesOf, fitTogether, REQUEST_BYTES, type Offsets, type Outgoing, type Sending } from './sending.js';

/** A batch on its way. */
interface Going {
  readonly batch: PublishBatch;
  readonly records: readonly Outgoing[];
}

interface Waiting {
  readonly batches: readonly PublishBatch[];
  resolve(outcomes: readonly PublishOutcome[]): void;
  reject(error: unknown): void;
}

export interface PublisherParts extends KeyClaimsParts {
  readonly sending: Pick<Sending, 'send' | 'sendTogether'>;
  partitions(): number;
  /** Why nothing may be written now. */
  fault(): EventBusError | undefined;
  /** Told of a write that failed. */
  failed(error: EventBusError): void;
}

/** Writes what is published, one call after the other, so that what a call reads (keys) can't change under it. */
export class Publisher {
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;

  private readonly claims: KeyClaims;

  constructor(private readonly parts: PublisherParts) {
    this.claims = new KeyClaims(parts);
  }

  publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ batches, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    await Promise.resolve();
    for (let next = this.waiting.shift(); next; next = this.waiting.shift())
      try {
        const fault = this.parts.fault();
        if (fault) next.reject(fault);
        else next.resolve(await this.write(next.batches));
      } catch (error) {
        if (error instanceof EventBusError) this.parts.failed(error);
        next.reject(error);
      }
    this.running = undefined;
  }

  private async write(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    const outcomes = await this.claims.take(batches);
    const taken = batches.filter((_, at) => outcomes[at]?.kind === 'published');
    const going = taken.map((batch) => this.address(batch));
    try {
      for (const [at, run] of inRuns(going).entries()) await this.send(run, at > 0);
    } catch (error) {
      if (isCertain(error)) await this.claims.release(taken);
      throw error;
    }
    return outcomes;
  }

  private async send(run: readonly Going[], isPartWritten: boolean): Promise<void> {
    const { sending, index } = this.parts;
    const records = run.flatMap((going) => going.records);
    const isSmall = run.every((going) => fitTogether(going.records));
    try {
      const offsets = await (isSmall ? sending.send(records) : sending.sendTogether(records));
      // The topic has it: what the disk says of the index does not mean that nothing was written.
      await index.take(placed(run, offsets)).catch((error: unknown) => Promise.reject(unknownOutcome(error)));
    } catch (error) {
      throw isPartWritten ? partly(error) : error;
    }
  }

  private address(batch: PublishBatch): Going {
    const key = batchKeyOf(batch);
    const partitions = this.parts.partitions();
    const records = batch.blocks.map((block) => ({
      lane: laneOf(block.header, partitions),
      message: encodeRecord(block, key),
    }));
    return { batch, records };
  }
}

/** What goes in one request: small batches together, a large one alone; their order stays. */
function inRuns(going: readonly Going[]): readonly (readonly Going[])[] {
  const runs: Going[][] = [];
  let room = 0;
  for (const each of going) {
    const size = fitTogether(each.records) ? bytesOf(each.records) : Number.MAX_SAFE_INTEGER;
    if (size > room) {
      runs.push([]);
      room = size > REQUEST_BYTES ? size : REQUEST_BYTES;
    }
    runs.at(-1)?.push(each);
    room -= size;
  }
  return runs;
}

function placed(run: readonly Going[], offsets: Offsets): readonly BusRecord[] {
  const records = run.flatMap(({ batch, records }) =>
    batch.blocks.map((block, nth) => ({ block, lane: records[nth]?.lane, idempotency: batchKeyOf(batch) })),
  );
  return records.map(({ lane, ...record }, nth) => {
    const offset = offsets[nth];
    if (lane === undefined || offset === undefined)
      throw new RangeError('a record has no place in the topic');
    return { ...record, lane, offset };
  });
}

/** Whether it is known that nothing was written. */
function isCertain(error: unknown): boolean {
  return error instanceof EventBusError && error.code !== 'outcome_unknown';
}

function partly(error: unknown): EventBusError {
  const what = 'A part of what was sent together was written, the rest was not';
  return new EventBusError('outcome_unknown', `${what}: send again with the same Idempotency-Key.`, error);
}
