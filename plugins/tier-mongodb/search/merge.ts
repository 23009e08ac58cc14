import type { EventView } from '../documents/event-view.js';

/** Events of several streams, each in order, in one order: by time, then by block and row. All ends when one is left. */
export async function* merged(
  streams: readonly AsyncGenerator<EventView>[],
  order: 'asc' | 'desc',
): AsyncGenerator<EventView> {
  const way = order === 'asc' ? 1 : -1;
  try {
    const heads = await Promise.all(streams.map((stream) => stream.next()));
    for (;;) {
      const next = firstOf(heads, way);
      const head = heads[next];
      if (!head || head.done) return;
      yield head.value;
      heads[next] = (await streams[next]?.next()) ?? head;
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return(undefined)));
  }
}

function firstOf(heads: readonly IteratorResult<EventView, unknown>[], way: 1 | -1): number {
  let first = -1;
  heads.forEach((head, nth) => {
    if (head.done) return;
    const best = heads[first];
    if (!best || best.done || compare(head.value, best.value) * way < 0) first = nth;
  });
  return first;
}

/** By time, then by block and row. */
export function compare(a: EventView, b: EventView): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  const blocks = Buffer.compare(a.document.block.value(), b.document.block.value());
  return blocks === 0 ? a.document.row - b.document.row : blocks;
}
