import { crc32 } from 'node:zlib';
import type { Delivery } from '../../event-bus.port.js';
import { makeBlock } from '../../testing/make-block.js';
import { LmdbEventBus } from '../lmdb-event-bus.js';

/**
 * A process to be killed: publishes on four lanes of work and commits some of what it is given, and says on its standard
 * output what it asked for (`send`, `remove`) and what was promised to it (`sent`, `removed`), each with block ids.
 *
 * Parameters: directory, fault point to die at (or `-`), how often to pass it before.
 */
const [directory = '', diesAt = '-', passes = '0'] = process.argv.slice(2);
const PUBLISHERS = 4;
const COMMIT_EVERY = 5;

let left = Number(passes);
const reach = (point: string): void => {
  if (point !== diesAt) return;
  left -= 1;
  if (left < 0) process.kill(process.pid, 'SIGKILL');
};

const bus = await LmdbEventBus.open({ directory, reach });
const say = (word: string, ids: readonly string[]): void =>
  void process.stdout.write(`${word} ${ids.join(' ')}\n`);

const delivered: Delivery[] = [];
const subscription = await bus.subscribe({
  onAssigned: () => undefined,
  onRevoked: () => undefined,
  onBlock: (delivery) => void delivered.push(delivery),
});

async function publishForEver(publisher: number): Promise<never> {
  for (let nth = 0; ; nth += 1) {
    const blocks = [0, 1, 2].slice(nth % 3).map((part) => {
      return makeBlock(`${publisher} ${nth} ${part} ${'x'.repeat((nth * 7919 * (part + 1)) % 30_000)}`);
    });
    say(
      'send',
      blocks.map(({ header, body }) => `${header.id}:${crc32(body)}`),
    );
    await bus.publish([{ blocks }]);
    say(
      'sent',
      blocks.map(({ header }) => header.id),
    );
    if (nth % COMMIT_EVERY === publisher) await commitSome();
  }
}

async function commitSome(): Promise<void> {
  const some = delivered.splice(0).filter((_, nth) => nth % 2 === 0);
  const ids = some.map(({ block }) => block.header.id);
  say('remove', ids);
  await subscription.commit(some);
  say('removed', ids);
}

process.stdout.write('ready\n');
await Promise.all(Array.from({ length: PUBLISHERS }, (_, publisher) => publishForEver(publisher)));
