import { describe, expect, it } from 'vitest';
import { EventMembers } from '#plugin-kit';
import { makeEventType } from '#plugin-kit/testing';

const TYPE = makeEventType({
  fields: [
    { name: 'state', type: 'keyword', aliases: ['status'], description: '' },
    { name: 'count', type: 'uint16', description: '' },
  ],
});
const read = (line: string): EventMembers => EventMembers.read(TYPE, Buffer.from(line)) as EventMembers;
const text = (value: string) => ({ kind: 'string', text: value, start: 0 }) as const;

describe('the members of an event', () => {
  it.each([
    ['{"ip":"1.2.3.4"}', 'ip', '1.2.3.4'],
    ['{"n":12345678901234567890}', 'n', '12345678901234567890'],
    ['{"b":true}', 'b', 'true'],
    ['{"a.b":"flat","a":{"b":"deep"}}', 'a.b', 'flat'],
    ['{"a":{"b":"deep"}}', 'a.b', 'deep'],
    ['{"a":{"b.c":{"d":"x"}}}', 'a.b.c.d', 'x'],
    ['{"a":{"x":1},"a.b":{"c":"y"}}', 'a.b.c', 'y'],
    ['{"status":"new"}', 'state', 'new'],
    ['{"hostname":"h"}', 'host', 'h'],
    ['{"attributes":{"ip":"9.9.9.9"}}', 'ip', '9.9.9.9'],
    ['{"ip":"1","ip":"2"}', 'ip', '1'],
    ['{"__proto__":{"x":"own"}}', '__proto__.x', 'own'],
  ])('of %s: %s is %s', (line, name, expected) => {
    expect(read(line).text(name)).toBe(expected);
  });

  it.each([
    ['{"a":null}', 'a'],
    ['{"a":{}}', 'a'],
    ['{"a":[1]}', 'a'],
    ['{"a":"x"}', 'a.b'],
    ['{}', 'toString'],
    ['{}', '__proto__'],
  ])('of %s: there is no text of %s', (line, name) => {
    expect(read(line).text(name)).toBeUndefined();
  });

  it('come with the names of their fields, in whole or in part', () => {
    expect(EventMembers.keysOf(TYPE, 'state')).toEqual(['state', 'state', 'status']);
    expect(EventMembers.keysOf(TYPE, 'hostname')).toContain('host');
    expect(EventMembers.keysOf(TYPE, 'client.address')).toEqual(['address']);
  });

  it.each(['', '[1]', '"a"', '{', '{"a":1} x', '\xff'])('are none of %j', (line) => {
    expect(EventMembers.read(TYPE, Buffer.from(line, 'latin1'))).toBeUndefined();
  });
});

describe('a field that is to be added', () => {
  it.each([
    ['{"owner":"x"}', 'owner', 'there'],
    ['{"owner":null}', 'owner', 'there'],
    ['{"attributes":{"owner":"x"}}', 'owner', 'there'],
    ['{"geo":{"city":"x"}}', 'geo.city', 'there'],
    ['{"status":"new"}', 'state', 'there'],
    ['{"state":"new"}', 'status', 'there'],
    ['{}', 'count', 'unfit'],
    ['{}', 'trace_id', 'unfit'],
    ['{}', 'state', undefined],
    ['{"geo":{"city":"x"}}', 'geo.country', undefined],
    [`{${Array.from({ length: 2_000 }, (_, n) => `"k${n}":1`).join(',')}}`, 'owner', 'full'],
  ])('to %.40s as %s: %s', (line, name, problem) => {
    expect(read(line).problemOf(name, text('new'))).toBe(problem);
  });

  it('is found by later ones, and not added twice', () => {
    const members = read('{"a":1}');
    members.add('b', text('x'));
    expect([members.text('b'), members.problemOf('b', text('y'))]).toEqual(['x', 'there']);
  });
});
