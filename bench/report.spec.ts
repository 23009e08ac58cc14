import { describe, expect, it } from 'vitest';
import { isWithin, renderReport, type Figure } from './report.js';

const rate: Figure = {
  name: 'rate',
  value: 123_456.7,
  unit: '/s',
  bound: { kind: 'at least', value: 8_000 },
};
const slow: Figure = { name: 'p99', value: 12.345_67, unit: 'ms', bound: { kind: 'at most', value: 10 } };

describe('report', () => {
  it('shows machine, figures and bounds, and marks what missed its bound', () => {
    const text = renderReport('Bench', { cores: 2, node: 'v20' }, [
      rate,
      slow,
      { name: 'ratio', value: 1.1, unit: '×' },
    ]);
    expect(text.split('\n').map((line) => line.trimEnd().replace(/ +/g, ' '))).toEqual([
      'Bench',
      ' cores 2, node v20',
      ' rate 123,457 /s at least 8,000',
      ' p99 12.35 ms at most 10 MISSED',
      ' ratio 1.1 ×',
    ]);
  });

  it('holds values against bounds of both kinds', () => {
    expect([rate, slow].map(isWithin)).toEqual([true, false]);
    expect(isWithin({ ...rate, value: 7_999 })).toBe(false);
    expect(isWithin({ ...slow, value: 10 })).toBe(true);
    expect(isWithin({ ...slow, value: Number.NaN })).toBe(false);
  });
});
