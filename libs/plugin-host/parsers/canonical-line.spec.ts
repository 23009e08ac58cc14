import { describe, expect, it } from 'vitest';
import { canonicalLine } from './canonical-line.js';
import type { Verdict } from './verdict.js';

const none = Buffer.from('x');
const event = (fields: object, parser?: string): Verdict => ({
  parser,
  parsed: { kind: 'event', event: fields as Record<string, unknown> },
});

describe('a canonical line', () => {
  it('is the event as JSON, with the name of its parser last', () => {
    expect(canonicalLine(event({ message: 'a\nb\u0000', n: [1] }, 'p'), none)).toBe(
      '{"message":"a\\nb\\u0000","n":[1],"parser":"p"}',
    );
    expect(canonicalLine(event({ message: 'm', parse_status: 'none' }), none)).toBe(
      '{"message":"m","parse_status":"none"}',
    );
    expect(canonicalLine(event({}, 'p'), none)).toBe('{"parser":"p"}');
  });

  it('says that a part could not be read, but not over what the line says itself', () => {
    const partial = (fields: Record<string, unknown>): Verdict => ({
      parser: 'p',
      parsed: { kind: 'event', event: fields, confidence: 'partial' },
    });
    expect(canonicalLine(partial({ message: 'm' }), none)).toBe(
      '{"message":"m","parse_status":"partial","parser":"p"}',
    );
    expect(canonicalLine(partial({ parse_status: 'mine' }), none)).toBe(
      '{"parse_status":"mine","parse_status":"partial","parser":"p"}',
    );
    expect(
      canonicalLine({ parser: 'p', parsed: { kind: 'event', event: {}, confidence: 'full' } }, none),
    ).toBe('{"parser":"p"}');
  });

  it.each([
    ['{"a":1.50,"a":2} ', '{"a":1.50,"a":2,"parser":"json"}'],
    ['{ }', '{ "parser":"json"}'],
    ['{"big":18446744073709551615}', '{"big":18446744073709551615,"parser":"json"}'],
  ])('is the text itself where that is the event: %s', (text, line) => {
    expect(canonicalLine({ parser: 'json', parsed: { kind: 'json' } }, Buffer.from(text))).toBe(line);
  });

  it('is the reason behind a byte of its own where the text was refused', () => {
    const parsed = { kind: 'refused', reason: 'not_mine', message: '' } as const;
    expect(canonicalLine({ parser: 'p', parsed }, none)).toBe('\u0001not_mine\u0002p');
  });

  it.each([
    ['a big integer', { n: 1n }],
    ['text in place of an object', { toJSON: () => 'text' }],
    ['nothing', { toJSON: () => undefined }],
  ])('is a refusal for the parser’s fault where its event is %s', (_what, fields) => {
    expect(canonicalLine(event(fields, 'p'), none)).toBe('\u0001parser:p\u0002p');
  });

  it('is a refusal for the parser’s fault where the text is no object after all', () => {
    const parsed = { kind: 'json' } as const;
    expect(canonicalLine({ parser: 'p', parsed }, Buffer.from('\u0001made_up'))).toBe(
      '\u0001parser:p\u0002p',
    );
  });
});
