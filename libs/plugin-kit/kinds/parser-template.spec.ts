import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  configureParser,
  neverMine,
  OptionMistakesError,
  standsAlone,
  templateProblems,
  type ParserTemplate,
} from '#plugin-kit';
import { makeParserPlugin } from '#plugin-kit/testing';

const template: ParserTemplate<{ readonly n: number }> = {
  options: z.strictObject({ n: z.number() }),
  configure: ({ n }) => {
    if (n < 0) throw new OptionMistakesError([{ path: ['n'], message: 'is too small', mend: 'Send more.' }]);
    return { parse: () => [], sniff: neverMine };
  },
  example: { n: 1 },
};

describe('a template of parsers', () => {
  it('makes parsers of options that fit', () => {
    expect(configureParser(template, { n: 1 })).toMatchObject({ sniff: neverMine });
    expect(() => configureParser(template, { n: 'x' })).toThrow(z.ZodError);
    expect(() => configureParser(template, { n: -1 })).toThrow('n is too small');
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 1, /template/],
    ['without a schema', { ...template, options: {} }, /no options/],
    ['without a function', { ...template, configure: 1 }, /no configure/],
    ['with an example that does not fit', { ...template, example: {} }, /template\.example/],
    ['with an example that has a mistake', { ...template, example: { n: -1 } }, /n is too small/],
  ])('%s is told of', (_what, given, what) => {
    expect(templateProblems(given)).toEqual([
      { what: expect.stringMatching(what), mend: expect.any(String) },
    ]);
  });

  it('that is sound, or not there, has no problems', () => {
    expect([templateProblems(template), templateProblems(undefined)]).toEqual([[], []]);
  });

  it('takes the plugin its own name, unless it stands alone', () => {
    const plugin = makeParserPlugin('x', () => ({ kind: 'json' }));
    expect(
      [plugin, { ...plugin, template }, { ...plugin, template, standsAlone: true }].map(standsAlone),
    ).toEqual([...[true, false, true]]);
  });
});
