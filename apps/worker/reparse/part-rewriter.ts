import { formatEventId, type BlockId, type EventPlace } from '#event-model';
import {
  TierError,
  type QuarantinedRow,
  type RewritingTier,
  type StreamPart,
  type TierBatch,
} from '#plugin-kit';
import {
  mergeReasons,
  type KeptReason,
  type CopiesDue,
  type ReparsedPart,
  type StreamRegistry,
} from '#storage-tier';
import type { UnitCopies } from '../archive/unit-copies.js';
import type { WriterPool } from '../writers/writer-pool.js';
import { portionsOf } from './portions.js';
import { spanOf, type ReparsePayload } from './reparse-payload.js';
import type { Rereader } from './rereader.js';

/** Blocks that came while a copy was filled, of which so few are copied while the writer rests. */
const FEW_BLOCKS = 200;
/** Times that the others are copied beforehand; a stream may be faster. */
const MOST_CATCH_UPS = 5;

export interface PartRewriterParts {
  readonly tier: () => RewritingTier;
  readonly rereader: Pick<Rereader, 'read'>;
  readonly writers: Pick<WriterPool, 'exclusively'>;
  readonly copies: Pick<UnitCopies, 'withdraw'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  /** What is to be copied into the other store again. */
  readonly due: Pick<CopiesDue, 'whileReplaced'>;
  readonly reach: (faultPoint: string) => void;
}

/** A part to be rewritten, and who is told of it. */
export interface RewriteTask {
  readonly part: StreamPart;
  readonly request: ReparsePayload;
  readonly signal: AbortSignal;
  /** Told of each portion: events of the time span that were read. */
  readonly read: (events: number) => Promise<void>;
}

export interface RewrittenPart {
  readonly part: ReparsedPart;
  readonly reasons: readonly KeptReason[];
}

interface Tally {
  events: number;
  changed: number;
  kept: number;
  /** At most 50, so their sum may be less. */
  kinds: readonly KeptReason[];
}

/**
 * Reads a part's events anew into a copy, while it is written and searched as before; then the copy takes its place while
 * the stream's writer rests. Where nothing is otherwise, nothing is replaced.
 */
export class PartRewriter {
  constructor(private readonly parts: PartRewriterParts) {}

  /** @throws what the signal was aborted with: the part is as it was then */
  async rewrite(task: RewriteTask): Promise<RewrittenPart> {
    const { part } = task;
    const tier = this.parts.tier();
    await tier.beginRewrite(part);
    this.parts.reach('reparse.begun');
    try {
      const tally = await this.#fill(task);
      this.parts.reach('reparse.filled');
      if (tally.changed > 0) await this.#replace(task);
      const { day, generation } = part;
      const { events, changed, kept } = tally;
      return { part: { day, generation, events, changed, kept }, reasons: tally.kinds };
    } finally {
      await tier.abandonRewrite(part.stream);
    }
  }

  async #fill(task: RewriteTask): Promise<Tally> {
    const tally: Tally = { events: 0, changed: 0, kept: 0, kinds: [] };
    for await (const blocks of portionsOf(this.parts.tier(), task.part)) {
      task.signal.throwIfAborted();
      await this.#portion(task, blocks, tally);
      this.parts.reach('reparse.portion');
      await task.read(tally.events);
    }
    return tally;
  }

  async #portion({ part, request }: RewriteTask, blocks: readonly BlockId[], tally: Tally): Promise<void> {
    const tier = this.parts.tier();
    const lines = await tier.storedLines(part, blocks, spanOf(request));
    const { batch, kept, asked } = await this.parts.rereader.read(part.stream, lines, request);
    const report = await tier.rewrite(part, blocks, batch).catch((error: unknown) => {
      // What the engine itself refuses stays as it is, with what came beside it.
      if (!(error instanceof TierError) || error.failure !== 'data') throw error;
      return tier.rewrite(part, blocks, { ...batch, blocks: [] }).then(({ changed }) => ({
        changed,
        kept: placesOf(batch).map((place) => ({ ...place, reason: `engine:${error.code}` })),
      }));
    });
    const all = [...kept, ...report.kept];
    tally.events += asked;
    tally.changed += report.changed;
    tally.kept += all.length;
    tally.kinds = mergeReasons([...tally.kinds, ...all.map(toReason)]);
  }

  async #replace({ part, signal }: RewriteTask): Promise<void> {
    const tier = this.parts.tier();
    for (let n = 0; n < MOST_CATCH_UPS; n += 1) if ((await tier.catchUpRewrite(part)) <= FEW_BLOCKS) break;
    signal.throwIfAborted();
    await this.parts.writers.exclusively(part.stream, async () => {
      const { tenant, name, eventType } = part.stream;
      const now = await this.parts.streams.find(tenant, name);
      if (!now || now.eventType.version !== eventType.version)
        throw new TierError('unavailable', 'The stream, or its type, is another one now: it is begun again.');
      // A copy in the archive has the events as they were: the next run of retention copies them as they are.
      await this.parts.copies.withdraw(part.stream, part);
      await this.parts.due.whileReplaced(part.stream, [part.day], () => tier.finishRewrite(part));
    });
    this.parts.reach('reparse.replaced');
  }
}

function placesOf({ blocks }: TierBatch): EventPlace[] {
  return blocks.flatMap(({ header: { id: block }, rows = [] }) => rows.map((row) => ({ block, row })));
}

function toReason({ block, row, reason }: QuarantinedRow): KeptReason {
  return { reason, events: 1, example: formatEventId(block, row) };
}
