import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { EventBusError } from '../../event-bus.errors.js';
import type { Delivery } from '../../event-bus.port.js';
import { makeBlock } from '../../testing/make-block.js';
import { LmdbEventBus } from '../lmdb-event-bus.js';

/**
 * A process whose disk has room for little: publishes until it is refused, waits until the bus has recovered, commits
 * what it was given, and publishes until it is taken. Speaks as publishing-process does, and tells errors as `refused <code>
 * <retryable>`. Parameter: directory.
 */
const [directory = ''] = process.argv.slice(2);
process.on('SIGXFSZ', () => undefined);

const delivered: Delivery[] = [];
const bus = await LmdbEventBus.open({ directory });
const subscription = await bus.subscribe({
  onAssigned: () => undefined,
  onRevoked: () => undefined,
  onBlock: (delivery) => void delivered.push(delivery),
});
const say = (words: readonly string[]): void => void process.stdout.write(`${words.join(' ')}\n`);

async function publish(): Promise<boolean> {
  const block = makeBlock('x'.repeat(300_000));
  say(['send', `${block.header.id}:${crc32(block.body)}`]);
  try {
    await bus.publish([{ blocks: [block] }]);
    say(['sent', block.header.id]);
    return true;
  } catch (error) {
    if (!(error instanceof EventBusError)) throw error;
    say(['refused', error.code, String(error.retryable), String(bus.status().fault?.code)]);
    return false;
  }
}

async function recovered(): Promise<void> {
  while (bus.status().fault) await pause(20);
  say(['recovered']);
}

while (await publish());
await publish();
await recovered();
const half = delivered.slice(0, delivered.length / 2);
say(['remove', ...half.map(({ block }) => block.header.id)]);
await subscription.commit(half);
say(['removed', ...half.map(({ block }) => block.header.id)]);
while (!(await publish())) await recovered();
await bus.stop();
