import { expect, it } from 'vitest';
import type { Estimate } from './archives-answers.js';
import { describeAttached, describeEstimate, isWhole } from './archives-texts.js';

const OLD = {
  ...{ name: 'old-web', place: 'old', stream: 'web', units: 2, events: 12, bytes: 4096 },
  ...{ oldest_day: '2025-06-01', newest_day: '2025-06-02', signed_by: ['site2'] },
};
const WHOLE: Estimate = { ...OLD, refused: [], refused_total: 0 };

it('what is attached has a line each, and places are named', () => {
  const text = describeAttached({ attached: [{ ...OLD, attached_at: 'then' }], places: ['archive', 'old'] });
  expect(text).toMatch(/^old-web +old +web +2 +12 +4\.00 KiB +2025-06-01 +2025-06-02 +site2$/m);
  expect(text).toContain('Places: archive, old.');
});

it('an estimate names what is refused, safe for a terminal, and says that nothing was attached', () => {
  const refused = [{ key: 'a\u001b[2J.json', reason: 'unknown_key', detail: 'Signed by a stranger.' }];
  const text = describeEstimate({ ...WHOLE, refused, refused_total: 3 });
  expect(text).toContain('3 manifests not used:\na');
  expect(text).toContain('unknown_key: Signed by a stranger.');
  expect(text).not.toContain('\u001b');
  expect(text).toContain('Nothing was attached.');
  expect(describeEstimate(WHOLE)).not.toContain('not used');
});

it('an archive is whole where there is something of it, and only what is newer took the place of others', () => {
  const refused = [{ key: 'a', reason: 'superseded', detail: 'b' }];
  expect(isWhole(WHOLE)).toBe(true);
  expect(isWhole({ ...WHOLE, refused, refused_total: 1 })).toBe(true);
  expect(isWhole({ ...WHOLE, refused, refused_total: 101 })).toBe(false);
  expect(
    isWhole({ ...WHOLE, refused: [{ ...refused[0], reason: 'files' } as never], refused_total: 1 }),
  ).toBe(false);
  expect(isWhole({ ...WHOLE, units: 0 })).toBe(false);
});
