import { describe, expect, it } from 'vitest';
import { quoteName, quoteText, tableNames } from './names.js';

describe('names in statements', () => {
  it.each([
    ['plain', '`plain`'],
    ['back`tick', '`back\\`tick`'],
    ['back\\', '`back\\\\`'],
    ['\\`', '`\\\\\\``'],
  ])('%j is %s', (name, quoted) => {
    expect(quoteName(name)).toBe(quoted);
  });

  it.each([
    ["it's", "'it\\'s'"],
    ['\\', "'\\\\'"],
    ["\\'", "'\\\\\\''"],
  ])('the text %j is %s', (text, quoted) => {
    expect(quoteText(text)).toBe(quoted);
  });
});

describe("a stream's tables", () => {
  it('are apart from those of every other stream and tenant', () => {
    const all = [
      ['a', 'b'],
      ['a', 'b_c'],
      ['a_b', 'c'],
      ['a', 'roll_up'],
    ].flatMap(([tenant = '', stream = '']) => {
      const { stream: table, entry, parsed, rollUp } = tableNames(tenant, stream);
      return [table, entry, parsed, rollUp('x'), rollUp('x_y')];
    });
    expect(new Set(all).size).toBe(all.length);
  });

  it('are in a database that no tenant name makes one of the engine’s own', () => {
    expect(tableNames('system', 's').stream).toBe('`tenant_system`.`stream.s`');
  });
});
