import { randomUUID } from 'node:crypto';
import type { ArchivedUnits } from '#archived-units';
import { formatEventId, type Block, type EventPlace } from '#event-model';
import {
  TierError,
  type ClaimIds,
  type NewReason,
  type QuarantinedRow,
  type RefusedLine,
  type StreamSpec,
  type TierBatch,
} from '#plugin-kit';
import type { ReplayingTier } from '#storage-tier';
import type { ClientIdIndex } from '../writers/client-id-index.js';
import { replayedBlocks } from './replayed-blocks.js';

export interface ReplayerParts {
  readonly tier: () => Pick<ReplayingTier, 'judge' | 'insert'>;
  readonly ids: Pick<ClientIdIndex, 'claim'>;
  /** Makes of a block of text one of canonical lines, as the pipeline does, and what else it does before storage. */
  readonly parse: (block: Block, stream: StreamSpec) => Promise<Block>;
  readonly archived: Pick<ArchivedUnits, 'sealed'>;
}

/** What a replay found; every other line is stored. */
export interface Replayed {
  /** Their client id is another event's. */
  readonly deduplicated: readonly EventPlace[];
  /** Refused again. */
  readonly refused: readonly NewReason[];
}

/** Lines to be replayed, with the parser that takes their own's place. */
export interface ReplayTask {
  readonly stream: StreamSpec;
  readonly lines: readonly RefusedLine[];
  readonly parser: string | undefined;
}

/** Sends refused lines their way again: through the parser, the stream's type and into its table, under their identity. */
export class Replayer {
  constructor(private readonly parts: ReplayerParts) {}

  /**
   * Stores what passes; nothing of it may be stored yet. Where the engine refuses lines that its own judgement let pass,
   * it is asked again about each half, down to the one line at fault.
   *
   * @throws TierError: what is stored then is found by reading back
   */
  async replay(task: ReplayTask): Promise<Replayed> {
    try {
      return await this.#replayWhole(task);
    } catch (error) {
      if (!(error instanceof TierError) || !(error.failure === 'data' || error.exhausted)) throw error;
      const [line, ...rest] = task.lines;
      if (!line || (rest.length === 0 && error.failure !== 'data')) throw error;
      if (rest.length === 0) return engineRefused(line, task, error);
      return this.#replayHalves(task);
    }
  }

  async #replayHalves(task: ReplayTask): Promise<Replayed> {
    const half = Math.ceil(task.lines.length / 2);
    const first = await this.replay({ ...task, lines: task.lines.slice(0, half) });
    const second = await this.replay({ ...task, lines: task.lines.slice(half) });
    return {
      deduplicated: [...first.deduplicated, ...second.deduplicated],
      refused: [...first.refused, ...second.refused],
    };
  }

  async #replayWhole({ stream, lines, parser }: ReplayTask): Promise<Replayed> {
    const made = replayedBlocks(stream, lines, parser);
    const blocks = await Promise.all(made.map((block) => this.#parsed(block, stream)));
    const sealed = await this.parts.archived.sealed(stream);
    const batch: TierBatch = {
      ...{ stream, token: randomUUID(), blocks, skip: [] },
      ...(sealed && { sealed }),
    };
    const judged = await this.parts.tier().judge(batch);
    let deduplicated: readonly EventPlace[] = [];
    const claim: ClaimIds = async (events) => (deduplicated = await this.parts.ids.claim(stream, events));
    if (judged.length < lines.length)
      await this.parts.tier().insert({ ...batch, token: randomUUID(), skip: judged }, claim);
    return { deduplicated, refused: withParsers(judged, lines, parser) };
  }

  async #parsed(block: Block, stream: StreamSpec): Promise<Block> {
    const parsed = await this.parts.parse(block, stream);
    return block.rows ? { ...parsed, rows: block.rows } : parsed;
  }
}

function withParsers(
  rows: readonly QuarantinedRow[],
  lines: readonly RefusedLine[],
  parser: string | undefined,
): NewReason[] {
  const parsers = new Map(lines.map((line) => [formatEventId(line.block, line.row), line.parser]));
  return rows.map((row) => ({
    ...row,
    parser: parser ?? parsers.get(formatEventId(row.block, row.row)) ?? '',
  }));
}

function engineRefused(
  { block, row }: RefusedLine,
  { lines, parser }: ReplayTask,
  error: TierError,
): Replayed {
  const rows = [{ block, row, reason: `engine:${error.code}` }];
  return { deduplicated: [], refused: withParsers(rows, lines, parser) };
}
