import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { manifestOptions, type ParserPlugin, type ParserTemplate } from '#plugin-kit';
import { makeManifest, makeParserPlugin } from '#plugin-kit/testing';
import { templateChecks } from './template-checks.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-template-'));
  await writeFile(join(folder, 'README.md'), '# parser-frame\n\n`prefix` is set before each line.\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const CONFIG = {
  type: 'object',
  properties: { prefix: { type: 'string', minLength: 1 } },
  required: ['prefix'],
  additionalProperties: false,
};
const { parser } = makeParserPlugin('frame', () => ({ kind: 'json' }));
const template = (example: object): ParserTemplate => ({
  ...{ options: manifestOptions({ config: CONFIG }), configure: () => parser, example },
});

/** What is wrong, by check. */
const failuresOf = (given: object): readonly string[] => {
  const plugin = {
    manifest: makeManifest({ config: CONFIG }),
    template: template({ prefix: 'x' }),
    ...given,
  };
  return templateChecks(folder, plugin as unknown as ParserPlugin).flatMap(({ run }) => {
    try {
      void run();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
};

it('a parser with options that is sound passes, and one without is not asked', () => {
  expect(failuresOf({})).toEqual([]);
  const without = { manifest: makeManifest(), template: undefined };
  expect(templateChecks(folder, without as unknown as ParserPlugin)).toEqual([]);
});

it.each<[string, object, RegExp]>([
  ['nothing that takes them', { template: undefined }, /give index\.ts a template/],
  ['nothing that describes them', { manifest: makeManifest() }, /describe its options as "config"/],
  ['an example that does not fit', { template: template({ prefix: '' }) }, /^template\.example .* prefix: /],
])('a parser of options with %s is told so', (_what, given, why) => {
  expect(failuresOf(given)).toEqual([expect.stringMatching(why)]);
});

it('a README that leaves an option out is told of', async () => {
  await writeFile(join(folder, 'README.md'), '# parser-frame\n\nNothing.\n');
  expect(failuresOf({})[0]).toContain('prefix');
});
