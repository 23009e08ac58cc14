import { describe, expect, it } from 'vitest';
import { manifestProblems } from '#plugin-kit';
import { makeManifest } from '#plugin-kit/testing';

const FOLDER = 'event-type-order';
const problemsOf = (manifest: unknown): string =>
  manifestProblems(FOLDER, manifest)
    .map(({ what, mend }) => `${what} -> ${mend}`)
    .join('\n');

describe('a manifest', () => {
  it('that fits its folder has no problem', () => {
    expect(problemsOf(makeManifest())).toBe('');
  });

  it.each([
    [makeManifest({ name: 'event-type-other' }), /"event-type-other", its folder is "event-type-order"/],
    [makeManifest({ kind: 'tier' }), /its kind is "tier" -> start the name .* with "tier-"/],
    [makeManifest({ apiVersion: 99 }), /"apiVersion" in manifest.json is 99, this server speaks 1/],
    [makeManifest({ version: '1' }), /"version" in manifest.json: .* -> set it to a version such as 1.0.0/],
    [{ ...makeManifest(), title: undefined }, /"title" in manifest.json: .* -> set it to a short name/],
    [
      { ...makeManifest(), kind: 'parsr' },
      /"kind" in manifest.json: .* -> set it to one of event-type, tier/,
    ],
    [{ ...makeManifest(), author: 'me' }, /manifest.json: .*"author" -> .* exactly name, kind, version/],
    [[], /manifest.json: .* -> a manifest is a JSON object/],
    [null, /manifest.json: .* -> a manifest is a JSON object/],
  ])('is refused with what is wrong and how to mend it (%#)', (manifest, expected) => {
    expect(problemsOf(manifest)).toMatch(expected);
  });

  it('is told all its problems at once', () => {
    expect(manifestProblems(FOLDER, { ...makeManifest(), title: '', version: 'x', more: 1 })).toHaveLength(3);
    expect(manifestProblems('tier-x', makeManifest({ kind: 'tier', apiVersion: 2 }))).toHaveLength(3);
  });
});
