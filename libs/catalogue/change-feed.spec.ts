import { once } from 'node:events';
import { expect, it } from 'vitest';
import { MemoryCatalogue } from './testing/index.js';

it('a watcher that throws fails neither the write nor the other watchers, and is warned of', async () => {
  const catalogue = new MemoryCatalogue();
  const seen: string[] = [];
  catalogue.watch('things', () => {
    throw new Error('watcher broke');
  });
  catalogue.watch('things', (ids) => seen.push(...ids));
  const warning = once(process, 'warning');
  await catalogue.write([{ collection: 'things', id: 'a', value: 1 }]);
  expect(seen).toEqual(['a']);
  expect(String((await warning)[0])).toContain('watcher broke');
});
