import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printPolicy, readPolicy } from './policy-text.js';

const stay = (tier: string, from: number, until: number | null) => ({
  tier,
  from_days: from,
  until_days: until,
});

describe('readPolicy', () => {
  it.each([
    ['search 30d -> delete', [stay('search', 0, 30)]],
    ['search 2w→delete', [stay('search', 0, 14)]],
    ['  search   for 1y  ->  delete ', [stay('search', 0, 365)]],
    ['search forever', [stay('search', 0, null)]],
    ['forever', [stay('search', 0, null)]],
    ['search 36500d -> delete', [stay('search', 0, 36_500)]],
    ['search 7d → archive 1y → delete', [stay('search', 0, 7), stay('archive', 7, 372)]],
    ['search 30d -> archive from 1d forever', [stay('search', 0, 30), stay('archive', 1, null)]],
    ['search forever -> archive from 1d forever', [stay('search', 0, null), stay('archive', 1, null)]],
  ])('reads %s', (text, stays) => {
    expect(readPolicy(text)).toEqual({ stays });
  });

  it.each([
    ['', 'policy_empty', 'names no tier'],
    ['delete', 'policy_empty', 'names no tier'],
    [' -> ', 'policy_empty', 'names no tier'],
    ['search', 'step_unreadable', 'the step "search"'],
    ['search 30d ->', 'step_unreadable', 'the step ""'],
    ['search thirty days -> delete', 'step_unreadable', 'no tier with a time'],
    ["search 30d'; DROP TABLE x -> delete", 'step_unreadable', 'no tier with a time'],
    ['../etc 30d -> delete', 'step_unreadable', 'no tier with a time'],
    ['search 30 -> delete', 'age_unreadable', '"30"'],
    ['search 1.5d -> delete', 'age_unreadable', '"1.5d"'],
    ['search 3 months -> delete', 'step_unreadable', 'no tier with a time'],
    ['search 3mo -> delete', 'age_unreadable', '"3mo"'],
    ['search 30D -> delete', 'age_unreadable', '"30D"'],
    ['search -3d -> delete', 'age_negative', 'negative'],
    ['search 0d -> delete', 'age_zero', 'nothing is kept'],
    ['search 12h -> delete', 'age_below_a_day', 'a unit is a day'],
    ['search 90m -> delete', 'age_below_a_day', 'a unit is a day'],
    ['search 101y -> delete', 'age_too_long', '100 years'],
    ['search 999999999y -> delete', 'age_too_long', '100 years'],
    ['search 30d', 'no_end', 'at the end'],
    ['search forever -> delete', 'delete_after_forever', 'keeps forever'],
    ['search 7d -> delete -> archive 1y', 'delete_not_last', 'behind delete'],
    ['search 7d -> delete -> delete', 'delete_not_last', 'behind delete'],
    ['search forever -> archive 1y -> delete', 'forever_not_last', 'keeps forever'],
    ['search forever -> archive from 1d 1y -> delete', 'overlap', 'ends at 366 days'],
    ['search 7d -> archive 1y -> search 7d -> delete', 'cyclic_order', 'search twice'],
    [
      'search 9d -> a from 5d 20d -> b from 2d 90d -> delete',
      'cyclic_order',
      'begins b before a, which stands in front of it',
    ],
    ['archive 1y -> delete', 'first_tier', 'begin with search'],
    ['search from 1d 7d -> delete', 'first_tier', 'begin with search'],
    ['search 7d -> archive from 9d 1y -> delete', 'gap', 'from 7 to 9 days'],
    ['search 30d -> archive from 1d 2d -> delete', 'overlap', 'ends at 3 days'],
    [
      'search 1d -> a 1d -> b 1d -> c 1d -> d 1d -> e 1d -> f 1d -> g 1d -> h 1d -> delete',
      'too_many_tiers',
      '9',
    ],
  ])('refuses "%s": %s', (text, code, message) => {
    const { mistake } = readPolicy(text);
    expect(mistake).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(mistake?.mend).toMatch(/\.$/);
  });

  it('reads what is printed of it as the same, and anything at all without throwing', () => {
    const ages = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(ages, fc.boolean(), (days, endless) => {
        let age = 0;
        const stays = days.map((day, at) => {
          const until = endless && at === days.length - 1 ? null : age + day;
          const one = stay(at === 0 ? 'search' : `t${at}`, age, until);
          age += day;
          return one;
        });
        expect(readPolicy(printPolicy(stays))).toEqual({ stays });
      }),
    );
    const words = fc.constantFrom(
      'search',
      'archive',
      ' ',
      '->',
      '→',
      '30d',
      'from',
      'forever',
      'delete',
      '-1d',
    );
    fc.assert(
      fc.property(fc.array(words), (parts) => {
        const { stays } = readPolicy(parts.join(' '));
        if (stays) expect(readPolicy(printPolicy(stays))).toEqual({ stays });
      }),
    );
  });
});
