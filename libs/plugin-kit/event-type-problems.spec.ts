import { describe, expect, it } from 'vitest';
import { BUILT_IN_FIELDS, TIMESTAMP_KEYS } from '#event-model';
import { eventTypeProblems, RESERVED_COLUMNS, RESERVED_KEYS } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';

const problemsOf = (declaration: unknown): readonly string[] =>
  eventTypeProblems('event-type-order', declaration).map(({ what }) => what);

const withField = (field: Parameters<typeof makeField>[0]): readonly string[] =>
  problemsOf(makeEventType({ fields: [makeField(), makeField(field)] }));

const TAKEN = [
  ...RESERVED_KEYS,
  ...TIMESTAMP_KEYS,
  ...BUILT_IN_FIELDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
];

describe('an event type', () => {
  it('that fits has no problem', () => {
    expect(problemsOf(makeEventType())).toEqual([]);
    expect(withField({ name: 'total', type: 'float64', aliases: ['sum', 'order.total'] })).toEqual([]);
  });

  it('bears the name of its plugin', () => {
    expect(problemsOf(makeEventType({ name: 'orders' }))).toEqual([
      'eventType.name: the type is named "orders", its plugin "event-type-order"',
    ]);
  });

  it.each(TAKEN)('may not take %s for an alias', (alias) => {
    expect(withField({ name: 'own', aliases: [alias] })).toEqual([
      expect.stringMatching(/^eventType.fields: ".*" of "own" is taken by /),
    ]);
  });

  it.each(TAKEN.filter((name) => /^[a-z_]+$/.test(name)))('may not redefine %s', (name) => {
    expect(withField({ name })).toEqual([expect.stringContaining(`"${name}" of "${name}" is taken by`)]);
  });

  it.each([...RESERVED_COLUMNS].filter((name) => !RESERVED_KEYS.has(name)))(
    'may read the input key %s, but not name a column so',
    (name) => {
      expect(withField({ name: 'own', aliases: [name] })).toEqual([]);
      expect(withField({ name })).toEqual([
        `eventType.fields: "${name}" is the name of a column of the appliance itself`,
      ]);
    },
  );

  it('gives each key to one field only', () => {
    expect(withField({ name: 'state' })).toEqual([expect.stringContaining('taken by the field "state"')]);
    expect(withField({ name: 'own', aliases: ['state'] })).toHaveLength(1);
    expect(withField({ name: 'own', aliases: ['a', 'a'] })).toHaveLength(1);
    expect(withField({ name: 'own', aliases: ['own'] })).toHaveLength(1);
  });

  it.each(['a`b', 'a"b', "a'b", 'a\\b', 'a\nb', '\ud800', ''])('may not read the key %j', (alias) => {
    expect(withField({ name: 'own', aliases: [alias] })).toEqual([
      expect.stringMatching(/^eventType.fields.1.aliases.0: /),
    ]);
  });

  it('has no more keys than its statements can hold', () => {
    const some = (count: number, aliases: readonly string[]) =>
      Array.from({ length: count }, (_, n) =>
        makeField({ name: `f${n}`, aliases: aliases.map((alias) => `${alias}${n}`) }),
      );
    const sized = (count: number, ...aliases: string[]) =>
      problemsOf(makeEventType({ fields: [makeField(), ...some(count, aliases)] }));
    expect(sized(59, 'a', 'b')).toEqual([]);
    expect(sized(60)).toEqual([expect.stringContaining('61 fields')]);
    expect(sized(50, 'a', 'b', 'c')).toEqual([expect.stringContaining('201 names and aliases')]);
    expect(sized(59, 'a'.repeat(100))).toEqual([expect.stringContaining('characters')]);
  });

  it.each(['Total', '1st', 'a.b', 'a b', '', 'a'.repeat(64), "x'; DROP TABLE t"])(
    'may not name a field %j',
    (name) => {
      expect(withField({ name })).toEqual([expect.stringMatching(/^eventType.fields.1.name: /)]);
    },
  );
});

describe('sorting and roll-ups of an event type', () => {
  const text = makeField({ name: 'note', type: 'text' });

  it('go by keywords only, built in or declared', () => {
    expect(problemsOf(makeEventType({ sortBy: ['nope', 'message'] }))).toHaveLength(2);
    expect(
      problemsOf(makeEventType({ rollUps: [{ name: 'r', by: ['note'] }], fields: [text], sortBy: [] })),
    ).toEqual(['eventType.rollUps "r": "note" is no keyword field of this type']);
    expect(problemsOf(makeEventType({ rollUps: [{ name: 'r', by: ['level', 'state'] }] }))).toEqual([]);
  });

  it('count distinct values of strings only', () => {
    const fields = [text, makeField({ name: 'user', type: 'string' })];
    const problems = (unique: readonly string[], by: readonly string[] = []) =>
      problemsOf(makeEventType({ rollUps: [{ name: 'r', by, unique }], fields, sortBy: [] }));
    expect(problems(['user'])).toEqual([]);
    expect(problems(['user'], ['level'])).toEqual([]);
    expect(problems(['note', 'user', 'user'])).toEqual([
      'eventType.rollUps "r" unique: "note" is no string field of this type',
      'eventType.rollUps "r" unique: "user" comes twice',
    ]);
  });

  it.each([{ by: [] }, { by: [], unique: [] }])('name a field at least: %j', (names) => {
    expect(problemsOf(makeEventType({ rollUps: [{ name: 'r', ...names }] }))).toEqual([
      'eventType.rollUps "r": it names no field to count by, and none to count distinct values of',
    ]);
  });

  it('name each thing once', () => {
    expect(problemsOf(makeEventType({ sortBy: ['host', 'host'] }))).toEqual([
      'eventType.sortBy: "host" comes twice',
    ]);
    const rollUp = { name: 'r', by: ['level'] };
    expect(problemsOf(makeEventType({ rollUps: [rollUp, rollUp] }))).toEqual([
      'eventType.rollUps: two are named "r"',
    ]);
  });
});

describe('the shape of an event type', () => {
  it.each([
    [undefined, 'eventType: '],
    [{ ...makeEventType(), columns: [] }, 'eventType: Unrecognized key: "columns"'],
    [{ ...makeEventType(), title: '' }, 'eventType.title: '],
    [{ ...makeEventType(), fields: [{ ...makeField(), type: 'varchar' }] }, 'eventType.fields.0.type: '],
  ])('is checked, each problem with its place (%#)', (declaration, expected) => {
    expect(problemsOf(declaration)).toEqual([expect.stringContaining(expected)]);
  });
});

describe('the example of an event type', () => {
  it('fits the declaration', () => {
    const fields = [makeField({ name: 'total', type: 'uint16', required: true, aliases: ['sum'] })];
    const withExample = (example: Record<string, unknown>): readonly string[] =>
      problemsOf(makeEventType({ fields, sortBy: [], rollUps: [], example }));
    expect(withExample({ sum: 7 })).toEqual([]);
    expect(withExample({ total: null, sum: 7 })).toEqual([]);
    expect(withExample({ total: null })).toEqual(['eventType.example: "total" is required and missing']);
    expect(withExample({})).toEqual(['eventType.example: "total" is required and missing']);
    expect(withExample({ sum: 70_000 })).toEqual(['eventType.example: "sum" is not of type uint16']);
    expect(withExample({ total: 7, trace_id: 'xyz' })).toEqual([
      'eventType.example: "trace_id" is not of type hex16',
    ]);
    expect(withExample({ total: 7, ts: 'teatime' })).toEqual(['eventType.example: "ts" is no time']);
  });
});
