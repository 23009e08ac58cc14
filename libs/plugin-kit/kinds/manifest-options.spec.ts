import { describe, expect, it } from 'vitest';
import { manifestOptions } from './manifest-options.js';

const CONFIG = {
  type: 'object',
  properties: {
    file: { type: 'string', description: 'A file.' },
    most: { type: 'integer', minimum: 1, default: 3 },
  },
  required: ['file'],
  additionalProperties: false,
};

describe('the options of a manifest', () => {
  it('are checked, and get their defaults', () => {
    const schema = manifestOptions<{ readonly file: string; readonly most: number }>({ config: CONFIG });
    expect(schema.parse({ file: 'a' })).toEqual({ file: 'a', most: 3 });
    expect(schema.safeParse({ file: 'a', most: 0 }).error?.issues[0]?.path).toEqual(['most']);
    expect(schema.safeParse({ file: 'a', other: 1 }).success).toBe(false);
    expect(schema.safeParse(JSON.parse('{"file":"a","__proto__":{"most":9}}')).data ?? {}).not.toMatchObject({
      most: 9,
    });
  });

  it('are none where it says nothing of them', () => {
    expect(manifestOptions({}).parse({})).toEqual({});
    expect(manifestOptions({ name: 'x' }).safeParse({ a: 1 }).success).toBe(false);
  });
});
