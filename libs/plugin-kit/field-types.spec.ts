import { describe, expect, it } from 'vitest';
import { FIELD_TYPE_NAMES, fieldTypeAccepts, fieldTypeSchema } from '#plugin-kit';
import type { FieldType } from '#event-model';

const FITTING: Readonly<Record<FieldType, readonly unknown[]>> = {
  text: ['', 'a'],
  keyword: ['eu-west-1'],
  string: ['u4711'],
  hex16: ['4BF92f3577b34da6a3ce929d0e0e4736'],
  hex8: ['00f067aa0ba902b7'],
  float64: [0, -1.5, 1e300],
  int64: [-5, 2 ** 53],
  uint16: [0, 65_535],
  uint64: [0, 2 ** 63],
  bool: [true, false],
};

const REFUSED: Readonly<Record<FieldType, readonly unknown[]>> = {
  text: [1, null, {}],
  keyword: [true],
  string: [4711, ['u']],
  hex16: ['00f067aa0ba902b7', `g${'0'.repeat(31)}`],
  hex8: ['', '4bf92f3577b34da6a3ce929d0e0e4736'],
  float64: ['1', null, Infinity],
  int64: [1.5, '5'],
  uint16: [-1, 65_536, 200.5, '200'],
  uint64: [-1, '1'],
  bool: ['true', 0, null],
};

describe.each(FIELD_TYPE_NAMES)('a field of type %s', (type) => {
  it('takes values of its kind and no others', () => {
    expect(FITTING[type].filter((value) => !fieldTypeAccepts(type, value))).toEqual([]);
    expect(REFUSED[type].filter((value) => fieldTypeAccepts(type, value))).toEqual([]);
  });

  it('is shown with one JSON type, as OpenAPI 3.0 wants it', () => {
    expect(fieldTypeSchema(type)['type']).toMatch(/^(string|number|integer|boolean)$/);
  });
});
