import { describe, expect, it } from 'vitest';
import { createLogger } from '#observability';

const CANARY = 'alv_abcd1234_canarycanarycanarycanarycanarycanary12';

function capture() {
  const lines: string[] = [];
  return { lines, logger: createLogger('info', { write: (line) => void lines.push(line) }) };
}

describe('the logger', () => {
  it('writes one JSON object a line, with a level in words and a time', () => {
    const { lines, logger } = capture();
    logger.warn({ stream: 'web' }, 'two\nlines');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', stream: 'web', msg: 'two\nlines' });
    expect(lines[0]?.trimEnd()).not.toContain('\n');
  });

  it('changes its level while running', () => {
    const { lines, logger } = capture();
    logger.debug('unseen');
    logger.level = 'debug';
    logger.debug('seen');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['seen']);
  });

  it.each([
    ['a header', { headers: { authorization: `Bearer ${CANARY}` } }],
    ['a nested header', { req: { headers: { authorization: 'Basic canarycanary' } } }],
    ['a field', { secret: 'canarycanary' }],
    ['an error', { err: new Error(`bad key ${CANARY}`) }],
    ['any text', { note: CANARY }],
  ])('never shows a secret of %s', (_, fields) => {
    const { lines, logger } = capture();
    logger.error(fields, `failed with ${CANARY}`);
    expect(lines.join('')).not.toContain('canarycanary');
    expect(lines.join('')).toContain('alv_abcd1234_***');
  });
});
