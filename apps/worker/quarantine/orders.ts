import type { RefusedPlace } from '#plugin-kit';

/** Most of one order: writers hold its lines in memory, and rest meanwhile. */
const MAX_ROWS = 5_000;
const MAX_BLOCKS = 200;
const MAX_BYTES = 8 * 2 ** 20;

interface Portion {
  readonly places: RefusedPlace[];
  readonly blocks: Set<string>;
  bytes: number;
}

/** The places by stream, in portions of an order's size. */
export function* ordersOf(
  page: readonly RefusedPlace[],
): Generator<readonly [stream: string, places: readonly RefusedPlace[]]> {
  const open = new Map<string, Portion>();
  for (const place of page) {
    const portion = open.get(place.stream);
    if (portion && !hasRoom(portion, place)) {
      yield [place.stream, portion.places];
      open.delete(place.stream);
    }
    add(open, place);
  }
  for (const [stream, { places }] of open) yield [stream, places];
}

function add(open: Map<string, Portion>, place: RefusedPlace): void {
  const portion = open.get(place.stream) ?? { places: [], blocks: new Set<string>(), bytes: 0 };
  portion.places.push(place);
  portion.blocks.add(place.block);
  portion.bytes += place.bytes;
  open.set(place.stream, portion);
}

function hasRoom({ places, blocks, bytes }: Portion, place: RefusedPlace): boolean {
  const oneMore = blocks.has(place.block) || blocks.size < MAX_BLOCKS;
  return places.length < MAX_ROWS && oneMore && bytes + place.bytes <= MAX_BYTES;
}
