import { expect, it } from 'vitest';
import { makeBlock } from '#event-bus/testing';
import type { Block } from '#event-model';
import { LiveParser } from './live-parser.js';

it('shows shadows each block with what became of it, and how it may be stored', async () => {
  const block = makeBlock(['a'], { format: 'lines' });
  const parsed: Block = { ...block, header: { ...block.header, format: 'records' } };
  const offered: unknown[] = [];
  let redacted: unknown;
  const parser = new LiveParser(
    { parse: async () => parsed },
    {
      offer: (...[one, made, redact]) => {
        offered.push(one, made);
        void redact(made).then((stored) => (redacted = stored));
      },
    },
    { redactor: async () => undefined },
  );
  expect(await parser.parse(block)).toBe(parsed);
  expect(offered).toEqual([block, parsed]);
  await Promise.resolve();
  await expect.poll(() => redacted).toBe(parsed);
});
