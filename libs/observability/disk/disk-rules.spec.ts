import { expect, it } from 'vitest';
import { dataPlaces } from '#observability';

it('data lies in the data directory, and archives where they are set to lie, which refuse no event', () => {
  const names = (archiveDir?: string) =>
    dataPlaces({ dataDir: '/data', archiveDir }).map(({ name, directory, watchedOnly = false }) => [
      ...[name, directory, watchedOnly],
    ]);
  const own = [
    ['data', '/data', false],
    ['log', '/data/bus', false],
    ['tier', '/data/tiers', false],
    ['catalogue', '/data/catalogue', false],
  ];
  expect(names()).toEqual(own);
  expect(names('/archives')).toEqual([...own, ['archive', '/archives', true]]);
});
