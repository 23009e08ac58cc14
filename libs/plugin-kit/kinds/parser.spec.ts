import { describe, expect, it } from 'vitest';
import { parserName, parserProblems } from '#plugin-kit';

describe('a parser plugin', () => {
  const parser = { parse: () => [], sniff: () => 0 };

  it('is asked for by its name without the kind', () => {
    expect(parserName({ name: 'parser-syslog' })).toBe('syslog');
    expect(parserProblems({ name: 'parser-syslog' }, parser)).toEqual([]);
  });

  it('may not be named auto', () => {
    expect(parserProblems({ name: 'parser-auto' }, parser)).toMatchObject([
      { what: expect.stringContaining('"auto"') },
    ]);
  });

  it.each([undefined, null, 5, {}, { parse: 'x' }])('is refused without its methods: %j', (wrong) => {
    expect(parserProblems({ name: 'parser-x' }, wrong).map(({ what }) => what)).toEqual([
      'parser.parse is no function',
      'parser.sniff is no function',
    ]);
  });
});
