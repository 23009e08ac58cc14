import { describe, expect, it } from 'vitest';
import { CategoriesError } from './categories-error.js';
import { parseCategories } from './parse-categories.js';
import { DEFAULT_CATEGORIES, readCategories } from './read-categories.js';

/** Mistakes of a file as they are told. */
function mistakesIn(text: string): readonly string[] {
  try {
    parseCategories(text, 'mine.yaml');
    return [];
  } catch (error) {
    if (error instanceof CategoriesError) return error.lines;
    throw error;
  }
}

/** A file with one field, `x`, in the fourth line from the fourteenth column on. */
const withField = (field: string): string =>
  `categories:\n  web:\n    fields:\n      level: INFO\n      x: ${field}\n`;

describe('a file of categories', () => {
  it('is read with its defaults', () => {
    const [web, api] = parseCategories(
      'categories:\n  web: { fields: { message: hi, _n: 1 } }\n  api: { weight: 2.5, stream: s, event_type: login, fields: { m: x } }',
      'mine.yaml',
    );
    expect(web).toMatchObject({ name: 'web', weight: 1, stream: 'web', eventType: 'log' });
    expect(web?.fields.map(({ name, hidden }) => [name, hidden])).toEqual([
      ['message', false],
      ['_n', true],
    ]);
    expect(api).toMatchObject({ weight: 2.5, stream: 's', eventType: 'login' });
  });

  it('comes with the program, with several types', () => {
    const categories = readCategories(DEFAULT_CATEGORIES);
    expect(categories.map(({ name }) => name)).toEqual(['web', 'logins', 'payments', 'machines']);
    expect(new Set(categories.map(({ eventType }) => eventType)).size).toBeGreaterThan(2);
  });

  it.each([
    ['', 'mine.yaml:1:1: There are no categories.'],
    ['a: [', 'mine.yaml:1:5: This is no YAML'],
    ['a: 1\na: 2', 'mine.yaml:2:1: This is no YAML: Map keys must be unique'],
    ['categories: {}', 'There are no categories.'],
    ['categories: { web: 5 }', 'mine.yaml:1:20 categories.web: A category is a map.'],
    ['categories: { web: { weight: 1 } }', 'categories.web.fields: The category has no fields.'],
    ['categories: { web: { fields: { _a: 1 } } }', 'All fields begin with "_"'],
    [
      'categories: { web: { weigth: 1, fields: { a: 1 } } }',
      '"weigth" means nothing here. Did you mean weight?',
    ],
    ['categories: { web: { weight: 0, fields: { a: 1 } } }', 'categories.web.weight: 0 is no weight.'],
    ['categories: { web: { weight: many, fields: { a: 1 } } }', '"many" is no weight.'],
    ['categories: { Web Shop: { fields: { a: 1 } } }', '"Web Shop" can not be a name here.'],
    [
      'categories: { web: { stream: a/b, fields: { a: 1 } } }',
      'categories.web.stream: "a/b" can not be a name',
    ],
    ['categories: { web: { event_type: A, fields: { a: 1 } } }', 'categories.web.event_type: "A" can not be'],
    [
      'category: {}\ncategories: { web: { fields: { a: 1 } } }',
      '"category" means nothing here. Did you mean categories?',
    ],
  ])('%j is told: %s', (text, told) => {
    const mistakes = mistakesIn(text);
    expect(mistakes.join('\n')).toContain(told);
  });

  it.each([
    ['[a, b]', 'mine.yaml:5:10 categories.web.fields.x: A list is no field. Write it like { choice'],
    ['{ chioce: [a] }', 'No kind of field is named "chioce". Did you mean choice?'],
    ['{ choice: [a], uniform: {} }', 'A field has the name of exactly one kind.'],
    ['{ choice: [] }', 'categories.web.fields.x.choice: There are no values to choose from.'],
    ['{ choice: { a: -1, b: 2 } }', 'mine.yaml:5:25 categories.web.fields.x.choice.a: -1 is no weight.'],
    ['{ choice: { 200: no } }', 'categories.web.fields.x.choice.200: "no" is no weight.'],
    [
      '{ uniform: { from: 1 } }',
      'fields.x.uniform.to: expected number, received undefined. Write it like { uniform',
    ],
    ['{ uniform: { from: 5, to: 1 } }', '"to" lies below "from".'],
    ['{ uniform: { from: 1, to: 5, decimal: 2 } }', '"decimal" means nothing here. Did you mean decimals?'],
    ['{ normal: { mean: x, deviation: 1 } }', 'x.normal.mean: expected number, received string.'],
    ['{ normal: { mean: 1, deviation: -1 } }', 'x.normal.deviation: Too small'],
    ['{ normal: { mean: 1, deviation: 1, min: 5, max: 2 } }', '"max" lies below "min".'],
    ['{ log_normal: { median: 0, sigma: 1 } }', 'x.log_normal.median: Too small'],
    ['{ zipf: { values: 0 } }', 'x.zipf.values: Too small'],
    ['{ zipf: 5 }', 'x.zipf: expected object, received number.'],
    ['{ sequence: { start: 1.5 } }', 'x.sequence.start: expected int'],
    ['{ hex: { digits: 1000 } }', 'x.hex.digits: Too big'],
    ['{ ip: 10.0.0.0 }', '"10.0.0.0" is no network. Write an address and the bits'],
    ['{ ip: 10.0.0.0/33 }', '"10.0.0.0/33" is no network.'],
    ['{ ip: }', 'null is no network.'],
    ['{ timestamp: { jitter: soon } }', 'x.timestamp.jitter: expected a duration such as 500ms'],
    ['{ timestamp: { format: iso } }', 'x.timestamp.format: Invalid option'],
    [
      "{ template: '{lvel}' }",
      'No field "lvel" stands above. Put that field before this one, or take one of level.',
    ],
    [
      "{ template: ['fine', '{x}'] }",
      'mine.yaml:5:31 categories.web.fields.x.template.1: No field "x" stands above.',
    ],
    ["{ template: 'a } b' }", 'A single "}" stands in the text. Write "}}" for the sign.'],
    ['{ template: {} }', 'There are no values to choose from.'],
    ['{ by: { field: nobody, cases: { a: 1 } } }', 'x.by.field: No field "nobody" stands above.'],
    ['{ by: { field: level, cases: [1] } }', 'x.by.cases: The cases are no map.'],
    ['{ by: { field: level } }', '"cases" is missing. It takes field, cases, else.'],
    [
      '{ by: { field: level, cases: { a: { uuidd: {} } } } }',
      'x.by.cases.a: No kind of field is named "uuidd".',
    ],
    ['{ sometimes: { share: 2, of: 1 } }', 'x.sometimes.share: 2 is no share. Write a number from 0 to 1.'],
    ['{ sometimes: { of: 1, shares: 1 } }', '"share" is missing.'],
    ['{ list: { of: 1, from: 3, to: 1 } }', '"from" and "to" are no range of lengths.'],
    ['{ object: {} }', 'There are no fields in it.'],
    ['{ object: { a: { object: { b: { ip: x } } } } }', 'x.object.a.object.b.ip: "x" is no network.'],
  ])('a field %s is told: %s', (field, told) => {
    expect(mistakesIn(withField(field)).join('\n')).toContain(told);
  });

  it('has all its mistakes told at once, in the order of its lines', () => {
    const text = [
      'categories:',
      '  web:',
      '    weight: -1',
      '    fields:',
      '      a: { unifrom: {} }',
      "      b: { template: '{c} {d}' }",
      '      e: { choice: [] }',
      '  Two: 2',
      'extra: 1',
    ].join('\n');
    expect(mistakesIn(text).map((line) => line.slice('mine.yaml:'.length).split(' ', 2).join(' '))).toEqual([
      '3:13 categories.web.weight:',
      '5:10 categories.web.fields.a:',
      '6:22 categories.web.fields.b.template:',
      '6:22 categories.web.fields.b.template:',
      '7:20 categories.web.fields.e.choice:',
      '8:8 categories.Two:',
      '9:8 extra:',
    ]);
  });
});
