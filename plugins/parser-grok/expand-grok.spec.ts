import { describe, expect, it } from 'vitest';
import { configureParser, OptionMistakesError, type OptionMistake } from '#plugin-kit';
import { compilePattern } from '#plugin-kit/patterns';
import { DEFINITIONS } from './definitions.js';
import { expandGrok } from './expand-grok.js';
import plugin from './index.js';

const CONTEXT = { receivedAt: 1_795_262_400_000_000_000n };

/** Whether the whole text is what the name stands for. */
const is = (name: string, text: string): boolean =>
  compilePattern(`^(?:${expandGrok(`%{${name}}`).source})$`).test(text);

function make(options: object) {
  if (!plugin.template) throw new Error('it has no template');
  return configureParser(plugin.template, options);
}
function mistakesOf(options: object): readonly OptionMistake[] {
  try {
    make(options);
  } catch (error) {
    if (error instanceof OptionMistakesError) return error.mistakes;
    throw error;
  }
  return [];
}
function eventOf(options: object, line: string): unknown {
  const [answer] = make(options).parse([Buffer.from(line)], CONTEXT);
  return answer?.kind === 'event' ? answer.event : answer;
}

describe('the names that are built in', () => {
  it.each(Object.keys(DEFINITIONS))('%s is a pattern, and no large one', (name) => {
    expect(compilePattern(expandGrok(`%{${name}}`).source).size).toBeLessThan(1_500);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['WORD', ['a_1'], ['a b', '']],
    ['INT', ['7', '-7', '+07'], ['7.1', 'x']],
    ['POSINT', ['7'], ['0', '-7']],
    ['NUMBER', ['7', '-7.5', '.5', '+1.'], ['x', '1e', '']],
    ['BASE16NUM', ['0xff', 'FF', '-a0'], ['xyz']],
    ['NOTSPACE', ['a-b'], ['a b']],
    ['DATA', ['', 'a b'], ['a\nb']],
    ['QUOTEDSTRING', ['"a \\" b"', "'x'", '`y`', '""'], ['"a', 'a"']],
    ['UUID', ['2f1c9a52-8b6c-4d0e-9e4f-1a2b3c4d5e6f'], ['2f1c9a52-8b6c']],
    ['LOGLEVEL', ['WARN', 'error', 'Critical'], ['loud']],
    ['IPV4', ['192.0.2.7'], ['192.0.2', 'a.b.c.d']],
    ['IPV6', ['::1', '2001:db8::7', 'fe80::1%eth0', '::ffff:192.0.2.1'], ['12', '192.0.2.7']],
    ['IP', ['192.0.2.7', '2001:db8::7'], ['host']],
    ['HOSTNAME', ['a', 'web-1.example.org', 'x.'], ['-a', 'a b']],
    ['IPORHOST', ['192.0.2.7', 'web-1', '2001:db8::7'], ['a b']],
    ['HOSTPORT', ['web-1:80', '192.0.2.7:443'], ['web-1']],
    ['MAC', ['00:11:22:aa:BB:cc', '00-11-22-33-44-55', '0011.2233.4455'], ['00:11']],
    ['EMAILADDRESS', ['a.b+c@example.org'], ['a@', '@b']],
    ['UNIXPATH', ['/var/log/a.log', '/'], ['var', 'C:\\x']],
    ['WINPATH', ['C:\\Temp\\a b', '\\\\host\\share'].slice(1), ['/var']],
    ['PATH', ['/var', 'C:\\Temp'], ['var']],
    ['URI', ['https://user:pw@example.org:8443/a/b?c=d&e', 'http://x'], ['x', '//y']],
    ['URIPATHPARAM', ['/a?b=c', '/a'], ['a']],
    ['MONTH', ['Jan', 'december'], ['Janx']],
    [
      'TIMESTAMP_ISO8601',
      ['2026-11-20T12:00:01Z', '2026-11-20 12:00:01,250', '2026-11-20T12:00:01.5+0100'],
      ['20.11.2026'],
    ],
    ['HTTPDATE', ['10/Oct/2000:13:55:36 -0700'], ['10/Oct/2000']],
    ['SYSLOGTIMESTAMP', ['Oct 11 22:14:15', 'Oct  1 22:14:15'], ['11 Oct']],
    ['DATESTAMP', ['11/20/2026 12:00:01', '20.11.2026-12:00:01'], ['12:00:01']],
    ['TIME', ['12:00', '23:59:59.5'], ['24:00:00']],
    ['DAY', ['Mon', 'sunday'], ['x']],
  ])('%s is %j and not %j', (name, those, others) => {
    expect(those.filter((text) => !is(name, text))).toEqual([]);
    expect(others.filter((text) => is(name, text))).toEqual([]);
  });

  it('make events of whole logs', () => {
    expect(
      eventOf(
        { patterns: ['%{SYSLOGBASE} %{GREEDYDATA:message}'] },
        'Oct 11 22:14:15 web-1 sshd[42]: hi there',
      ),
    ).toEqual({
      ...{
        timestamp: '2026-10-11T22:14:15Z',
        host: 'web-1',
        service: 'sshd',
        'process.pid': 42,
        message: 'hi there',
      },
    });
    const line = '192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 -';
    expect(eventOf({ patterns: ['^%{COMMONAPACHELOG}$'] }, line)).toMatchObject({
      'http.response.status_code': 200,
      message: line,
    });
  });
});

describe('a pattern of Grok', () => {
  it('has fields with types, nested names, and groups of its own', () => {
    const patterns = ['%{INT:n:int} %{NUMBER:x:float} %{WORD:[a][b]} (?<c.d>\\w+) %{WORD:ok:bool} %{WORD}'];
    expect(eventOf({ patterns }, '1 2.5 w v yes last')).toEqual({
      ...{ n: 1, x: 2.5, 'a.b': 'w', 'c.d': 'v', ok: true, message: '1 2.5 w v yes last' },
    });
  });

  it('has names of the admin, which may use others and replace the built-in ones', () => {
    const definitions = { ORDER: 'o-%{POSINT:order.number:int}', WORD: '[A-Z]+' };
    expect(eventOf({ patterns: ['^%{ORDER} %{WORD:w}$'], definitions }, 'o-42 ABC')).toMatchObject({
      'order.number': 42,
      w: 'ABC',
    });
    expect(eventOf({ patterns: ['^%{WORD:w}$'], definitions }, 'abc')).toMatchObject({ reason: 'no_match' });
  });

  it('may name a field twice: lists, but of the fields of every event', () => {
    expect(eventOf({ patterns: ['%{WORD:a} %{WORD:a}'] }, 'x y')).toMatchObject({ a: ['x', 'y'] });
    expect(eventOf({ patterns: ['(?:a %{WORD:level}|b %{INT:level})'] }, 'b 5')).toMatchObject({
      level: '5',
    });
  });

  it('keeps a backslash before what means something', () => {
    expect(
      eventOf({ patterns: ['^\\%{INT} \\[%{INT:n}\\]$'.replace('\\%{INT}', '\\{')] }, '{ [5]'),
    ).toMatchObject({ n: '5' });
  });

  it.each<[object, OptionMistake['path'], RegExp]>([
    [{ patterns: ['a %{NOPE:x}'] }, ['patterns', 0], /NOPE, which is not there, at character 3/],
    [{ patterns: ['%{}'] }, ['patterns', 0], /no name, at character 1/],
    [{ patterns: ['a %{INT'] }, ['patterns', 0], /no name, at character 3/],
    [{ patterns: ['%{INT:n:money}'] }, ['patterns', 0], /type "money"/],
    [{ patterns: ['%{INT:id}'] }, ['patterns', 0], /field "id"/],
    [{ patterns: ['%{INT:level:int}'] }, ['patterns', 0], /level as int/],
    [{ patterns: ['%{INT:n} ('] }, ['patterns', 0], /without an end/],
    [
      { patterns: ['%{A}'], definitions: { A: '%{B}', B: 'x%{A}' } },
      ['definitions', 'A'],
      /A within itself \(A → B → A\)|within itself/,
    ],
    [{ patterns: ['%{A}'], definitions: { A: '[' } }, ['definitions', 'A'], /\]/],
    [{ patterns: ['%{WORD:a}'], fields: { b: {} } }, ['fields', 'b'], /no field of a pattern/],
    [{ patterns: ['%{WORD:a}'], multiline: { continues: '[' } }, ['multiline', 'continues'], /\]/],
  ])('with a mistake is refused with its place: %j', (options, path, message) => {
    const [mistake] = mistakesOf(options);
    expect(mistake).toMatchObject({
      path,
      message: expect.stringMatching(message),
      mend: expect.any(String),
    });
  });

  it('does not grow without end', () => {
    const definitions = Object.fromEntries(
      Array.from({ length: 18 }, (_, n) => [`N${n}`, n === 0 ? 'abcdefgh' : `%{N${n - 1}}%{N${n - 1}}`]),
    );
    expect(mistakesOf({ patterns: ['%{N17}'], definitions }).at(-1)?.message).toMatch(/16384 characters/);
  });
});
