import { expect, it } from 'vitest';
import { ChildContext } from './child-context.js';
import { inputToldSchema } from './input-messages.js';

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
