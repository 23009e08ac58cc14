import { describe, expect, it } from 'vitest';
import { csvRow } from './csv-row.js';
import { EventFields, pickFields } from './event-fields.js';

describe('a CSV row', () => {
  it.each<[unknown, string]>([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['a\r\n<0>1 - fake', '"a\r\n<0>1 - fake"'],
    [' spaced ', '" spaced "'],
    [undefined, ''],
    [null, ''],
    [0, '0'],
    [-5, '-5'],
    [false, 'false'],
    [{ a: ['x,y'] }, '"{""a"":[""x,y""]}"'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@a', "'@a"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['a=1', 'a=1'],
    ['a\0b', 'a\0b'],
  ])('of %j is %j', (value, cell) => {
    expect(csvRow([JSON.stringify(value)], { safe: true })).toBe(`${cell}\r\n`);
  });

  it('for machines keeps texts as they are', () => {
    expect(csvRow(['"=1"', '"x"', '"-1"'], { safe: false })).toBe('=1,x,-1\r\n');
  });
});

describe('a field of an event', () => {
  const event = new EventFields(
    '{"level":"IN\\"FO","attributes":{"a":{"b":{"c":1}},"a.b":2,"level":"own","__proto__":{"x":3},"l":[{"y":1},"}"],"q\\"":"\\\\","e":{}},"raw":"{,"}',
  );

  it.each<[string, unknown]>([
    ['level', 'IN"FO'],
    ['raw', '{,'],
    ['q"', '\\'],
    ['e', {}],
    ['l', [{ y: 1 }, '}']],
    ['a.b', 2],
    ['a.b.c', 1],
    ['attributes.level', 'own'],
    ['__proto__.x', 3],
    ['constructor', undefined],
    ['a.constructor.name', undefined],
    ['l.0', undefined],
    ['nothing', undefined],
  ])('%s is %j', (name, value) => {
    const json = event.find(name);
    expect(json === undefined ? undefined : JSON.parse(json)).toEqual(value);
  });

  it('is picked with others in the order of their names', () => {
    expect(pickFields(event, ['a.b', 'nothing', 'level'])).toBe('{"a.b":2,"level":"IN\\"FO"}');
    expect(pickFields(event, ['__proto__.x'])).toBe('{"__proto__.x":3}');
  });
});
