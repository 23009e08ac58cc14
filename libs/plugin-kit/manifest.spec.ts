import { describe, expect, it } from 'vitest';
import { apiVersionProblems, manifestProblems } from '#plugin-kit';
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
    [
      makeManifest({ apiVersion: 99 }),
      /"apiVersion" in manifest.json is 99, this server speaks 1 -> install a newer version of Alluvium, or/,
    ],
    [
      makeManifest({ config: { type: 'string' } }),
      /"config" in manifest.json: "type" must be "object" -> set it/,
    ],
    [
      makeManifest({ config: { type: 'object', properties: { a: { type: 'nope' } } } }),
      /"config" in manifest.json: is no JSON Schema: .*nope/,
    ],
    [makeManifest({ samples: ['../x'] }), /"samples" in manifest.json: must be a name of a file/],
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

  it('may be written for any plugin API that is served', () => {
    const served = { oldest: 2, newest: 4 };
    expect([1, 2, 3, 4, 5].map((version) => apiVersionProblems(version, served).length)).toEqual([
      1, 0, 0, 0, 1,
    ]);
    expect(apiVersionProblems(1, served)[0]).toMatchObject({
      what: expect.stringContaining('this server speaks 2 to 4'),
      mend: expect.stringContaining('a newer version of the plugin'),
    });
  });

  it('may say what options it takes, and which samples are shown', () => {
    const config = { type: 'object', properties: { zone: { type: 'string' } }, additionalProperties: false };
    expect(problemsOf(makeManifest({ config, samples: ['orders', 'returns'] }))).toBe('');
  });

  it('is told all its problems at once', () => {
    expect(manifestProblems(FOLDER, { ...makeManifest(), title: '', version: 'x', more: 1 })).toHaveLength(3);
    expect(manifestProblems('tier-x', makeManifest({ kind: 'tier', apiVersion: 2 }))).toHaveLength(3);
  });
});
