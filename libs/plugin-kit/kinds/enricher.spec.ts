import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  defineEnricher,
  EnricherDataError,
  enricherName,
  enricherProblems,
  isEnrichedField,
} from '#plugin-kit';

const context = { options: {}, readFile: async () => new Uint8Array() };

describe('an enricher', () => {
  it('is made of checked options, with their defaults', () => {
    const seen: unknown[] = [];
    const never = { open: async () => ({ title: '' }), enrich: () => [], close: () => {} };
    const declared = defineEnricher(z.strictObject({ n: z.number().default(3) }), ({ options }) => {
      seen.push(options);
      return never;
    });
    expect(declared.create(context)).toBe(never);
    expect(seen).toEqual([{ n: 3 }]);
    expect(() => declared.create({ ...context, options: { n: 'x' } })).toThrow(z.ZodError);
  });

  it('is named as its plugin without the kind', () => {
    expect(enricherName({ name: 'enricher-geoip' })).toBe('geoip');
  });

  it.each([undefined, null, 5, {}, { options: {}, create: 1 }])('is not loaded as %j', (declared) => {
    expect(enricherProblems(declared)).toHaveLength(2);
  });

  it('says all that is wrong with its data in one message', () => {
    const mistake = (option: string) => ({ option, what: `No ${option}.`, mend: 'Add it.' });
    const error = new EnricherDataError([mistake('a'), mistake('b')]);
    expect([error.message, error.code, error.retryable]).toEqual([
      'No a. No b.',
      'enricher_data_invalid',
      true,
    ]);
  });

  it.each(['owner', 'geo.country.iso_code', '@meta', '_x', 'a-b'])('may add the field %s', (name) => {
    expect(isEnrichedField(name)).toBe(true);
  });

  it.each([
    '',
    'id',
    'timestamp',
    '@timestamp',
    'ts',
    'event_type',
    'parser',
    '__proto__',
    '1a',
    'a b',
    'a"b',
    'ä',
  ])('may not add the field %j', (name) => {
    expect(isEnrichedField(name)).toBe(false);
  });
});
