import { expect, it } from 'vitest';
import { readDockerIgnore } from './docker-ignore.js';

const takes = readDockerIgnore('# only\n*\n!apps\n!docker/one.mjs\n**/*.spec.ts\n**/testing\n');

it.each([
  ['apps/main.ts', true],
  ['apps/api/deep/file.ts', true],
  ['apps/api/deep/file.spec.ts', false],
  ['apps/testing/fake.ts', false],
  ['apps/api/testing/deep/fake.ts', false],
  ['docker/one.mjs', true],
  ['docker/Dockerfile', false],
  ['data/admin.key', false],
])('takes of %s: %s', (path, expected) => {
  expect(takes(path)).toBe(expected);
});

it('takes everything where it says nothing', () => {
  expect(readDockerIgnore('')('a/b')).toBe(true);
});
