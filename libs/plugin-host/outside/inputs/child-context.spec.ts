import { expect, it } from 'vitest';
import { ChildContext } from './child-context.js';
import { inputToldSchema, MOST_BATCH_BYTES } from './input-messages.js';

it('all that a batch may say goes over to the server, and nothing else', () => {
  const told: unknown[] = [];
  const child = new ChildContext((message) => void told.push(inputToldSchema.parse(message)));
  const context = child.contextOf({ kind: 'start', name: 'a', options: {}, messageBytes: 100 });
  const batch = {
    ...{ peer: { address: 'orders', transport: 'kafka' as const }, format: 'lines' as const },
    ...{ messages: [Uint8Array.of(1)], parser: 'auto', truncated: 1, key: 'a range' },
  };
  void context.accept({ ...batch, more: 1 } as typeof batch);
  expect(told).toEqual([{ kind: 'accept', id: 1, batch }]);
});

it('more than the server reads at once is refused, and says what to do', async () => {
  const context = new ChildContext(() => expect.unreachable()).contextOf({
    ...{ kind: 'start', name: 'a', options: {}, messageBytes: 100 },
  });
  const peer = { address: '192.0.2.1', transport: 'tcp' as const };
  const messages = [new Uint8Array(MOST_BATCH_BYTES)];
  await expect(context.accept({ peer, messages, format: 'lines' })).rejects.toThrow(
    /These 1 messages take \d+ bytes at once; 33554432 are the most: hand them over in parts\./,
  );
});
