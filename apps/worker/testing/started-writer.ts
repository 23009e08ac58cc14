import type { Delivery } from '#event-bus';
import type { BlockId } from '#event-model';
import { Room, Slots } from '../writers/slots.js';
import { StreamWriter, type StreamWriterParts } from '../writers/stream-writer.js';
import { FakeBatchWriter } from './fake-batch-writer.js';
import { FakeMover } from './fake-mover.js';
import { deliveriesOf, Scene, STREAM } from './scene.js';

export const FLUSH_MS = 200;

/** A writer of batches of ten bytes, with everything it works with. */
export async function startWriter(some: Partial<StreamWriterParts> = {}, scene = new Scene(), epoch = 1) {
  const fake = new FakeBatchWriter();
  const pending = new Set<BlockId>();
  const told = { troubled: [] as unknown[], failed: [] as unknown[] };
  const room = new Room(() => 40);
  const scope = await scene.scope(epoch);
  const writer = new StreamWriter(STREAM, scope, {
    writer: fake,
    slots: new Slots(1),
    room,
    flushBytes: () => 10,
    flushIntervalMs: () => FLUSH_MS,
    mover: new FakeMover(),
    isPending: (ids) => ids.some((id) => pending.has(id)),
    troubled: (error) => void told.troubled.push(error),
    failed: (error) => void told.failed.push(error),
    ...some,
  });
  return { scene, scope, fake, room, writer, pending, ...told };
}

/** Makes deliveries whose bodies have four bytes, the line end included. */
export const deliver = () => {
  const next = deliveriesOf();
  return (...texts: string[]): Delivery[] => texts.map((text) => next(text.padEnd(3, '.')));
};
