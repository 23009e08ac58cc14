import { expect, it } from 'vitest';
import { renderTable } from './table.js';

it('a table has columns as wide as their cells, which act upon no terminal', () => {
  const rows = [
    ['a', 'long cell', ''],
    ['bbb', '\u001b[2J', 'x'],
  ];
  expect(renderTable(['A', 'B', 'C'], rows)).toBe('A    B          C\na    long cell\nbbb  \\x1b[2J    x\n');
});
