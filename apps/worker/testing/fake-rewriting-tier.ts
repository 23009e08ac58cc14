import { createBlockIdGenerator, type BlockId } from '#event-model';
import type {
  PartBlock,
  RewriteReport,
  StoredForm,
  StoredLine,
  StoredPart,
  StreamPart,
  TierBatch,
} from '#plugin-kit';

const nextId = createBlockIdGenerator();

/** What a worker asks of a tier to rewrite parts; it remembers what it was asked, and everything in a batch is changed. */
export class FakeRewritingTier {
  /** Names of the methods that touch a copy, in order. */
  readonly calls: string[] = [];
  readonly batches: TierBatch[] = [];
  parts: readonly StoredPart[] = [];
  blocks: PartBlock[] = [];
  lines: StoredLine[] = [];
  /** Of the next calls. */
  reports: RewriteReport[] = [];
  lacking: number[] = [];
  /** Thrown by the next call to rewrite. */
  failure: Error | undefined;

  /** Adds a block of lines, each a text with its form and parser. */
  add(lines: readonly [text: string, form?: StoredForm, parser?: string][], bytes = 100): BlockId {
    const block = nextId();
    this.blocks.push({ block, events: lines.length, bytes });
    lines.forEach(([text, form = 'text', parser = 'shout'], row) =>
      this.lines.push({
        ...{ block, row, source: 'here', receivedAt: 1n, form, parser, raw: Buffer.from(text) },
      }),
    );
    return block;
  }

  storedParts = async (): Promise<readonly StoredPart[]> => this.parts;

  blocksOfPart = async (
    _part: StreamPart,
    { limit, after }: { readonly limit: number; readonly after?: BlockId },
  ): Promise<readonly PartBlock[]> =>
    this.blocks.filter(({ block }) => after === undefined || block > after).slice(0, limit);

  storedLines = async (_part: StreamPart, blocks: readonly BlockId[]): Promise<readonly StoredLine[]> =>
    this.lines.filter(({ block }) => blocks.includes(block));

  rewrite = async (
    _part: StreamPart,
    _blocks: readonly BlockId[],
    batch: TierBatch,
  ): Promise<RewriteReport> => {
    this.calls.push('rewrite');
    this.batches.push(batch);
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    const changed = batch.blocks.reduce((sum, { header }) => sum + header.count, 0);
    return this.reports.shift() ?? { changed, kept: [] };
  };

  catchUpRewrite = async (): Promise<number> => {
    this.calls.push('catchUp');
    return this.lacking.shift() ?? 0;
  };

  beginRewrite = async (): Promise<void> => void this.calls.push('begin');
  finishRewrite = async (): Promise<void> => void this.calls.push('finish');
  abandonRewrite = async (): Promise<void> => void this.calls.push('abandon');
}
