import type { BlockId } from '#event-model';
import type { PartBlock, RewritingTier, StreamPart } from '#plugin-kit';

/** Blocks that are listed at once: the tier goes through the whole part for each list. */
const PAGE = 50_000;

/** Most of one portion, which is held in memory; a block that has more is one of its own. */
const MOST = { blocks: 200, events: 5_000, bytes: 16 * 2 ** 20 };

/** All blocks of a part, by their ids, in portions that are read at once. */
export async function* portionsOf(
  tier: Pick<RewritingTier, 'blocksOfPart'>,
  part: StreamPart,
): AsyncGenerator<readonly BlockId[]> {
  let portion: BlockId[] = [];
  let [events, bytes] = [0, 0];
  for await (const one of blocksOf(tier, part)) {
    const isFull =
      portion.length >= MOST.blocks || events + one.events > MOST.events || bytes + one.bytes > MOST.bytes;
    if (portion.length > 0 && isFull) {
      yield portion;
      [portion, events, bytes] = [[], 0, 0];
    }
    portion.push(one.block);
    events += one.events;
    bytes += one.bytes;
  }
  if (portion.length > 0) yield portion;
}

async function* blocksOf(
  tier: Pick<RewritingTier, 'blocksOfPart'>,
  part: StreamPart,
): AsyncGenerator<PartBlock> {
  for (let after: BlockId | undefined; ;) {
    const page = await tier.blocksOfPart(part, { limit: PAGE, ...(after !== undefined && { after }) });
    yield* page;
    after = page.at(-1)?.block;
    if (page.length < PAGE) return;
  }
}
