import { describe, expect, it } from 'vitest';
import { configureParser } from '#plugin-kit';
import { findException } from './find-exception.js';
import plugin from './index.js';

const CONTEXT = { receivedAt: 1_795_262_400_000_000_000n };

function make(options: object) {
  if (!plugin.template) throw new Error('it has no template');
  return configureParser(plugin.template, options);
}
function eventOf(text: string, options = {}): unknown {
  const [answer] = make(options).parse([Buffer.from(text.replaceAll('\n', '#012'))], CONTEXT);
  return answer?.kind === 'event' ? answer.event : answer;
}
function sizesOf(options: object, lines: readonly string[]): readonly boolean[] {
  const goesOn = make(options).grouping?.open();
  return lines.map((line) => goesOn?.(Buffer.from(line)) === true);
}

describe('a parser of events of several lines', () => {
  it('reads the time and the level that the first line begins with', () => {
    expect(eventOf('[Oct 11 22:14:15] WARN x\n  y', { zone: 'Europe/Berlin' })).toEqual({
      ...{ timestamp: '2026-10-11T22:14:15+02:00', level: 'WARN', message: '[Oct 11 22:14:15] WARN x\n  y' },
    });
    expect(eventOf('ts=1 level=info x')).toMatchObject({ level: 'info' });
    expect(eventOf('no WARNING: here')).toMatchObject({ level: 'WARNING' });
    expect(eventOf('a warning')).toEqual({ message: 'a warning' });
  });

  it('joins traces where nothing else is said, and by patterns where they are', () => {
    const lines = ['2026 a', ' b', '2026 c', '\tat x.Y.z(A.java:1)'];
    expect(sizesOf({}, lines)).toEqual([false, false, false, true]);
    expect(sizesOf({ starts: '^\\d{4} ' }, lines)).toEqual([false, true, false, true]);
    expect(sizesOf({ continues: '^ ' }, lines)).toEqual([false, true, false, false]);
    expect(sizesOf({ continues: '^ ', traces: ['java'] }, lines)).toEqual([false, true, false, true]);
    expect(sizesOf({ starts: 'x' }, ['a', 'b'])).toEqual([false, true]);
  });

  it.each([{ starts: '(' }, { traces: ['cobol'] }, { max_lines: 1 }, { nope: 1 }])(
    'refuses the options %j',
    (options) => {
      expect(() => make(options)).toThrow();
    },
  );
});

describe('the exception of an event', () => {
  it.each<[string, string, object]>([
    ['one line', 'ValueError: x', {}],
    ['a text without frames', 'a\nValueError: x', {}],
    [
      'a cause',
      'a.BException: x\n\tat c.D.e(F.java:1)\nCaused by: a.CError: y',
      { 'exception.type': 'a.BException', 'exception.message': 'x' },
    ],
    [
      'a python chain',
      'Traceback (most recent call last):\n  File "a"\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b"\nmy.Own: two: parts',
      { 'exception.type': 'my.Own', 'exception.message': 'two: parts' },
    ],
    [
      'a python name alone',
      'Traceback (most recent call last):\n  File "a"\nKeyboardInterrupt',
      { 'exception.type': 'KeyboardInterrupt' },
    ],
    ['a traceback that was cut', 'Traceback (most recent call last):\n  File "a"', {}],
    [
      'a panic',
      'panic: no\n\ngoroutine 1 [running]:',
      { 'exception.type': 'panic', 'exception.message': 'no' },
    ],
    [
      'a thread',
      'Exception in thread "main" a.BError\n\tat c.D.e(F.java:1)',
      { 'exception.type': 'a.BError' },
    ],
  ])('of %s', (_what, text, expected) => {
    expect(findException(text)).toEqual(expected);
  });
});
