import type { BlockId } from '#event-model';
import type { CopyReport, StreamSpec } from '#plugin-kit';
import type { BothTiers, CopyWork } from '#storage-tier';

/** Blocks that one question reads. */
const BLOCKS_AT_ONCE = 100;
/** How long one question may read: milliseconds. */
const READ_MS = 60_000;
/** Blocks of one page of a day. */
const PAGE = 1_000;

/** The stores, as far as copies need them. */
export interface CopyingStores {
  readonly search: Pick<BothTiers['search'], 'readBlocks' | 'storedUnits' | 'blocksOfPart'>;
  readonly documents: Pick<BothTiers['documents'], 'copyBlocks' | 'copiedBlocks'>;
}

/** Makes copies be what the tables have, as it is when they are read. Whoever does it again comes to the same. */
export class BlockCopier {
  constructor(private readonly stores: () => CopyingStores) {}

  /** @throws TierError; what the signal was aborted with */
  async copy(stream: StreamSpec, work: CopyWork, signal: AbortSignal): Promise<CopyReport> {
    const blocks = 'blocks' in work ? work.blocks : await this.#blocksOf(stream, work.day);
    const { search, documents } = this.stores();
    let [written, removed] = [0, 0];
    for (let at = 0; at < blocks.length; at += BLOCKS_AT_ONCE) {
      signal.throwIfAborted();
      const some = blocks.slice(at, at + BLOCKS_AT_ONCE);
      const question = { stream, blocks: some, filter: { kind: 'all', of: [] }, timeoutMs: READ_MS } as const;
      const report = await documents.copyBlocks(stream, some, search.readBlocks(question, signal));
      written += report.written;
      removed += report.removed;
    }
    return { written, removed };
  }

  /** Those that the tables have, and those that only the copy has any more. */
  async #blocksOf(stream: StreamSpec, day: number): Promise<readonly BlockId[]> {
    const { search, documents } = this.stores();
    const blocks = new Set(await documents.copiedBlocks(stream, { day }));
    for (const { generation } of (await search.storedUnits(stream)).filter((unit) => unit.day === day))
      for (let after: BlockId | undefined; ;) {
        const page = { limit: PAGE, ...(after !== undefined && { after }) };
        const found = await search.blocksOfPart({ stream, day, generation }, page);
        found.forEach(({ block }) => blocks.add(block));
        after = found.at(-1)?.block;
        if (after === undefined) break;
      }
    return [...blocks].sort();
  }
}
