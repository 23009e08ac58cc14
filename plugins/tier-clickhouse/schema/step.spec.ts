import { describe, expect, it } from 'vitest';
import { nestLevels } from './step.js';

const source = { table: 't', columns: ['a', 'b', 'c'] };

describe('nested levels', () => {
  it('hand on only what a later level or the outside names', () => {
    const levels = [[['x', 'a + 1'] as const], [['y', 'x * b'] as const]];
    expect(nestLevels(levels, source, 'y')).toBe(
      '(SELECT x * b AS `y` FROM (SELECT `b`, a + 1 AS `x` FROM t))',
    );
    expect(nestLevels(levels, source, 'y, c, x')).toBe(
      '(SELECT `c`, `x`, x * b AS `y` FROM (SELECT `b`, `c`, a + 1 AS `x` FROM t))',
    );
  });

  it('know a quoted name with dots for a name', () => {
    const levels = [[['value.a', 'f(a)'] as const], [['y', '`value.a` + 1'] as const]];
    expect(nestLevels(levels, source, 'y')).toBe(
      '(SELECT `value.a` + 1 AS `y` FROM (SELECT f(a) AS `value.a` FROM t))',
    );
    expect(nestLevels(levels, source, 'y, `value.a`')).toContain('SELECT `value.a`, `value.a` + 1');
  });

  it('without levels are the source itself', () => {
    expect(nestLevels([], source, 'a')).toBe('t');
  });
});
