import { describe, expect, it } from 'vitest';
import { readGuidePage } from './guide-page.js';

const page = (...blocks: readonly string[]): string => `# A page\n\n${blocks.join('\n\nWords.\n\n')}\n`;
const fence = (info: string, text: string): string => `\`\`\`${info}\n${text}\n\`\`\``;

describe('readGuidePage', () => {
  it('finds commands with the answers that stand behind them', () => {
    const markdown = page(fence('sh', 'one'), fence('json answer', '{}'), fence('sh', 'two'));
    expect(readGuidePage(markdown)).toEqual({
      runs: [
        { line: 3, text: 'one\n', answer: { line: 9, text: '{}\n', form: 'json', part: false } },
        { line: 15, text: 'two\n' },
      ],
      notRun: [],
    });
  });

  it('takes a part of a text for an answer', () => {
    const markdown = page(fence('sh', 'one'), fence('text answer part', '…'));
    expect(readGuidePage(markdown).runs[0]?.answer).toMatchObject({ form: 'text', part: true });
  });

  it('tells why a command is not run', () => {
    const markdown = page(fence('sh not-run: needs docker', 'docker run'), fence('yaml', 'a: 1'));
    expect(readGuidePage(markdown)).toEqual({
      runs: [],
      notRun: [{ line: 3, text: 'docker run\n', reason: 'needs docker' }],
    });
  });

  it.each([
    ['another word behind sh', page(fence('sh later', 'x')), 'not-run'],
    ['no reason', page(fence('sh not-run:', 'x')), 'not-run'],
    ['another shell', page(fence('bash', 'x')), 'not of bash'],
    ['an answer to nothing', page(fence('json answer', '{}')), 'right behind'],
    [
      'an answer behind something else',
      page(fence('sh', 'x'), fence('yaml', ''), fence('json answer', '{}')),
      'right',
    ],
    [
      'a second answer',
      page(fence('sh', 'x'), fence('json answer', '{}'), fence('json answer', '{}')),
      'right',
    ],
    ['an answer of another form', page(fence('sh', 'x'), fence('csv answer', 'a')), 'json or text'],
  ])('refuses %s', (_what, markdown, message) => {
    expect(() => readGuidePage(markdown)).toThrow(message);
  });
});
