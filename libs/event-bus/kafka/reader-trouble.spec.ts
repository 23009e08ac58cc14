import { expect, it } from 'vitest';
import { ReaderTrouble } from './reader-trouble.js';

it('trouble of a reader is a fault of the bus only when it lasts longer than a write is tried', () => {
  let now = 5_000;
  const trouble = new ReaderTrouble(() => now);
  expect(trouble.status()).toEqual({});
  trouble.report(new Error('no leader'));
  now += 15_000;
  trouble.report(new Error('no leader yet'));
  expect(trouble.status()).toEqual({ readFault: expect.objectContaining({ code: 'bus_unavailable' }) });
  now += 5_001;
  expect(trouble.status()).toEqual({ fault: expect.objectContaining({ code: 'bus_unavailable' }) });
  trouble.report(undefined);
  expect(trouble.status()).toEqual({});
  now += 60_000;
  trouble.report(new Error('again'));
  expect(Object.keys(trouble.status())).toEqual(['readFault']);
});
