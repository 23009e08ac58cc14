import { describe, expect, it } from 'vitest';
import { broughtIn, shownVersions, versionsToTry } from './version-choice.js';
import type { VersionRecord } from './version-store.js';

const record = (more: Partial<VersionRecord> = {}): VersionRecord => ({ held: false, kept: [], ...more });

describe('the version to run', () => {
  it.each([
    ['what lies in the folder', record(), { own: 'a', trusted: ['a'] }, ['a']],
    [
      'the one that is held',
      record({ active: 'a', held: true }),
      { own: 'b', running: 'a', trusted: ['b', 'a'] },
      ['a'],
    ],
    [
      'the one in the folder where the held one does not start',
      record({ active: 'a', held: true }),
      { own: 'b', trusted: ['b', 'a'] },
      ['a', 'b'],
    ],
    [
      'the one in the folder where the held one lost its trust',
      record({ active: 'a', held: true }),
      { own: 'b', trusted: ['b'] },
      ['b'],
    ],
    ['the last one where the folder holds nothing good', record({ active: 'a' }), { trusted: ['a'] }, ['a']],
    ['none where the last one lost its trust', record({ active: 'a' }), { trusted: [] }, []],
    [
      'the one that runs, as before, where the folder holds nothing good',
      record({ active: 'a' }),
      { running: 'a', trusted: ['a'] },
      [],
    ],
    [
      'the new one alone while another runs',
      record({ active: 'a' }),
      { own: 'b', running: 'a', trusted: ['b', 'a'] },
      ['b'],
    ],
  ])('is %s', (_what, known, atHand, expected) => {
    expect(versionsToTry(known, atHand)).toEqual(expected);
  });

  it('is remembered with the one before it', () => {
    const first = broughtIn(record(), 'a', false);
    const second = broughtIn(first, 'b', true);
    expect([first, second]).toMatchObject([
      { active: 'a', before: undefined, held: false },
      { active: 'b', before: 'a', held: true },
    ]);
    expect(broughtIn(second, 'b', false)).toMatchObject({ active: 'b', before: 'a', held: false });
  });

  it('is shown among the others, the newest first', () => {
    const kept = ['a', 'b'].map((sha256, at) => ({ sha256, version: `1.${at}.0`, keptAt: at }));
    const shown = shownVersions(record({ active: 'b', before: 'a', held: true, kept }), {
      running: 'b',
      trusted: ['b'],
    });
    expect(shown).toEqual([
      { id: 'b', version: '1.1.0', isActive: true, isHeld: true, isBefore: false, isTrusted: true, since: 1 },
      {
        id: 'a',
        version: '1.0.0',
        isActive: false,
        isHeld: false,
        isBefore: true,
        isTrusted: false,
        since: 0,
      },
    ]);
  });
});
