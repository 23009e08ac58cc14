import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';
import { replacementsOf } from './replacement.js';
import { DETECTORS, type RedactionRule } from './rule.js';

const replace = replacementsOf(Buffer.alloc(32, 7));
const rule = (some: Partial<RedactionRule>): RedactionRule => ({
  ...{ name: 'r', action: 'mask', at: 'accept', fields: [], detectors: [] },
  ...some,
});
const redactorOf = (...rules: Partial<RedactionRule>[]): Redactor => new Redactor(rules.map(rule), replace);
const everything = redactorOf({ detectors: [...DETECTORS] });
const apply = (redactor: Redactor, line: string): string =>
  redactor.line(Buffer.from(line))?.line.toString() ?? line;

function run<T>(work: Generator<void, T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

describe('a line of JSON', () => {
  it.each([
    ['{"a":"x 4111 1111 1111 1111 y","n":1}', '{"a":"x [redacted:card] y","n":1}'],
    ['{ "card" : 4111111111111111 }', '{ "card" : "[redacted:card]" }'],
    ['{"a":["10.0.0.1",{"b":"a@b.com"}]}', '{"a":["[redacted:address]",{"b":"[redacted:email]"}]}'],
    ['{"a@b.com":1}', '{"[redacted:email]":1}'],
    ['{"a":"u\\u0040b.com"}', '{"a":"[redacted:email]"}'],
    ['{"a":"one\\nBearer abcdefgh12345678"}', '{"a":"one\\nBearer [redacted:token]"}'],
    ['{"a":"\\b4111111111111111"}', '{"a":"\\b[redacted:card]"}'],
    ['{"a":"{\\"mail\\":\\"a@b.com\\"}"}', '{"a":"{\\"mail\\":\\"[redacted:email]\\"}"}'],
  ])('%s stays one as %s', (line, expected) => {
    expect(apply(everything, line)).toBe(expected);
  });

  it.each(['{"a":1}', '{"a":"\\"quoted\\" \\\\ \\u00fc"}', '{}', '{"t":1795239970000,"x":[[[]]]}'])(
    '%s stays as it is, byte for byte',
    (line) => {
      expect(everything.line(Buffer.from(line))).toBeUndefined();
    },
  );

  const fields = (action: RedactionRule['action']) =>
    redactorOf({ action, fields: ['Password', 'user.mail'] });

  it.each([
    ['{"password":"x","a":1}', '{"password":"[redacted:field]","a":1}'],
    ['{"o":{"PASSWORD":{"deep":[1,"}"]}},"a":1}', '{"o":{"PASSWORD":"[redacted:field]"},"a":1}'],
    ['{"user":{"mail":"m"},"mail":"n"}', '{"user":{"mail":"[redacted:field]"},"mail":"n"}'],
    ['{"user.mail":true}', '{"user.mail":"[redacted:field]"}'],
    [
      '{"p\\u0061ssword":1,"password":2}',
      '{"p\\u0061ssword":"[redacted:field]","password":"[redacted:field]"}',
    ],
    ['{"a":"the password is long"}', '{"a":"the password is long"}'],
    ['{"a":"login, password=x"}', '{"a":"login, password=[redacted:field]"}'],
    [
      '{"l":[{"password":1},{"password":2}]}',
      '{"l":[{"password":"[redacted:field]"},{"password":"[redacted:field]"}]}',
    ],
  ])('%s loses the values of fields: %s', (line, expected) => {
    expect(apply(fields('mask'), line)).toBe(expected);
  });

  it.each([
    ['{"password":"x","a":1}', '{"a":1}'],
    ['{"a":1,"password":"x"}', '{"a":1}'],
    ['{"a":1,"password":"x","b":2}', '{"a":1,"b":2}'],
    ['{"password":"x"}', '{}'],
    ['{"password":"x","password":[1,{"a":"]"}] , "user":{"mail":1}}', '{"user":{}}'],
    ['{"a":{"password":1,"b":{"password":2,"c":3},"password":4},"password":5}', '{"a":{"b":{"c":3}}}'],
  ])('%s loses fields whole: %s', (line, expected) => {
    expect(JSON.parse(apply(fields('drop'), line))).toEqual(JSON.parse(expected));
  });

  it('keeps ids apart, by which doubles are told', () => {
    const redactor = redactorOf({ detectors: ['email'], fields: ['id'] }, { detectors: ['card'] });
    const ids = ['a@b.com', 'c@d.com'].map((id) => apply(redactor, `{"id":"${id}","o":{"id":"${id}"}}`));
    expect(ids[0]).toMatch(/^\{"id":"\[field:[0-9a-f]{32}\]","o":\{"id":"\[redacted:field\]"\}\}$/);
    expect(ids[1]).not.toBe(ids[0]);
    expect(apply(redactorOf({ detectors: ['card'] }), '{"id":4111111111111111}')).toMatch(
      /"\[card:[0-9a-f]{32}\]"/,
    );
  });

  it('has the same hash for equal values, and another with another secret', () => {
    const hashed = apply(fields('hash'), '{"password":"x","user":{"mail":"x"}}');
    const [, first] = /"(\[field:[0-9a-f]{32}\])"/.exec(hashed) ?? [];
    expect(JSON.parse(hashed)).toEqual({ password: first, user: { mail: first } });
    const other = new Redactor(
      [rule({ action: 'hash', fields: ['password'] })],
      replacementsOf(Buffer.alloc(32)),
    );
    expect(apply(other, '{"password":"x"}')).not.toContain(first);
  });

  it('stays equal in all that no rule is about, whatever it holds', () => {
    const drop = redactorOf({ action: 'drop', fields: ['secret'] });
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'binary' }).map((text) => text.replaceAll('@', '')),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(true, false, null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.constant('secret'), fc.string({ maxLength: 5 })), tie('any'), {
          maxKeys: 3,
        }),
      ),
    })).any;
    const without = (json: unknown): unknown => {
      if (Array.isArray(json)) return json.map(without);
      if (typeof json !== 'object' || json === null) return json;
      const kept = Object.entries(json).filter(([key]) => key !== 'secret');
      return Object.fromEntries(kept.map(([key, inner]) => [key, without(inner)]));
    };
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'secret'), value),
        fc.boolean(),
        (event, spaced) => {
          const line = JSON.stringify(event, null, spaced ? ' ' : undefined).replaceAll('\n', ' ');
          expect(JSON.parse(apply(drop, line))).toEqual(
            JSON.parse(JSON.stringify(without(JSON.parse(line)))),
          );
        },
      ),
      { numRuns: 150 },
    );
  }, 20_000);
});

describe('a line of text', () => {
  const fields = redactorOf({ fields: ['password', 'authorization', 'pin'] });

  it.each([
    ['login password=hunter2 ok', 'login password=[redacted:field] ok'],
    ['Password: "a b" x', 'Password: "[redacted:field]" x'],
    ["password = 'it\\'s', x", "password = '[redacted:field]', x"],
    ['Authorization: Bearer abc.def, x', 'Authorization: [redacted:field], x'],
    ['app: {"pin":1234,"a":1}', 'app: {"pin":"[redacted:field]","a":1}'],
    ['password="never closed', 'password="[redacted:field]'],
    ['spinning pin', 'spinning pin'],
    ['mypassword=x', 'mypassword=x'],
    ['password=', 'password='],
  ])('%s becomes %s', (line, expected) => {
    expect(apply(fields, line)).toBe(expected);
  });

  it('may be no UTF-8, nor the JSON that it looks like', () => {
    const bytes = Buffer.concat([Buffer.from([0xff]), Buffer.from(' a@b.com '), Buffer.from([0xfe])]);
    expect(everything.line(bytes)?.line.toString('latin1')).toBe('\xff [redacted:email] \xfe');
    expect(apply(everything, '{"a":"a@b.com"')).toBe('{"a":"[redacted:email]"');
  });

  it('is never blank afterwards', () => {
    expect(apply(redactorOf({ action: 'drop', detectors: ['email'] }), 'a@b.com')).toBe('[redacted]');
  });

  it('tells what was found by which rule', () => {
    const redactor = redactorOf({ name: 'p', fields: ['pin'] }, { name: 'd', detectors: ['card', 'email'] });
    expect(redactor.line(Buffer.from('pin=1 a@b.com'))?.findings).toEqual([
      { rule: 'p', what: 'pin' },
      { rule: 'd', what: 'email' },
    ]);
  });
});

describe('a body', () => {
  it('is given back itself where there is nothing to do', () => {
    const body = Buffer.from('{"a":1}\nplain text 12:00:00 1795239970000\n'.repeat(5_000));
    expect(run(everything.body(body))).toBe(body);
  });

  it('keeps its lines, those beside a redacted one untouched', () => {
    const lines = Array.from({ length: 3_000 }, (_, n) => (n % 7 === 0 ? `${n} a@b.com \\` : `{"n":${n}}`));
    const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const made = Buffer.from(run(everything.body(body))).toString();
    expect(made).toBe(lines.map((line) => `${line.replace('a@b.com', '[redacted:email]')}\n`).join(''));
  });

  it('that a parser made of text loses the same in both', () => {
    const redactor = redactorOf({ fields: ['user'] }, { detectors: ['email'] });
    const body = [
      '{"user":"bob","message":"bob said"}',
      '{"user":"eve\\n"}',
      '\u0001not_mine\u0002p',
      '{"m":"a@b.com"}',
    ];
    const raw = ['x bob: bob said', 'coded-eve', 'user=bob', '7 a@b.com'];
    const bytes = (lines: string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const made = run(redactor.parsed({ body: bytes(body), raw: bytes(raw) }));
    expect(Buffer.from(made.body).toString().split('\n').slice(0, -1)).toEqual([
      '{"user":"[redacted:field]","message":"bob said"}',
      '{"user":"[redacted:field]"}',
      '\u0001not_mine\u0002p',
      '{"m":"[redacted:email]"}',
    ]);
    expect(Buffer.from(made.raw).toString().split('\n').slice(0, -1)).toEqual([
      'x [redacted:field]: [redacted:field] said',
      '[redacted]',
      'user=[redacted:field]',
      '7 [redacted:email]',
    ]);
    const clean = { body: bytes(['{"m":1}']), raw: bytes(['m 1']) };
    expect(run(redactor.parsed(clean))).toEqual(clean);
  });
});
