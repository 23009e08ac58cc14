import { describe, expect, it } from 'vitest';
import { showEvent } from './show-event.js';

const EVENT = {
  event_id: 'e-1',
  stream: 'default',
  source: 'web',
  tenant: 'default',
  timestamp: '2026-01-31T12:00:00.123456789Z',
  level: 'warn',
  severity_number: 13,
  service: 'checkout',
  message: 'slow',
  host: 'web-1',
  attributes: { order: 7, http: { status: 500 }, 'a.b': 'c' },
};
const TEXT = { json: false, columns: undefined, colours: false };

describe('an event', () => {
  it('is a line of what matters', () => {
    expect(showEvent(EVENT, TEXT)).toBe(
      '2026-01-31T12:00:00.123Z  warn   checkout  slow  host=web-1  order=7  http={"status":500}  a.b=c\n',
    );
    expect(showEvent({ timestamp: 'x' }, TEXT)).toBe('x\n');
  });

  it('has columns, by name or by path', () => {
    const columns = [
      'stream',
      'order',
      'http.status',
      'a.b',
      'attributes.order',
      'nothing',
      '__proto__',
      'a.toString',
    ];
    expect(showEvent(EVENT, { ...TEXT, columns })).toBe('default\t7\t500\tc\t7\t\t\t\n');
    expect(JSON.parse(showEvent(EVENT, { json: true, columns: ['order', 'x'], colours: false }))).toEqual({
      order: 7,
      x: null,
    });
  });

  it('is JSON that is equal to what came', () => {
    expect(JSON.parse(showEvent(EVENT, { ...TEXT, json: true }))).toEqual(EVENT);
  });

  it.each([
    [{ level: 'ERROR' }, '31'],
    [{ level: 'warning' }, '33'],
    [{ level: 'debug' }, '36'],
    [{ level: 'trace' }, '2'],
    [{ level: 'odd', severity_number: 17 }, '31'],
  ])('%j has the colour %s', (event, code) => {
    expect(showEvent({ ...event, message: 'm' }, { ...TEXT, colours: true })).toContain(
      `\u001b[${code}mm\u001b[0m`,
    );
  });

  it.each(['info', 'unheard of'])('of level %s has none', (level) => {
    expect(showEvent({ level, message: 'm' }, { ...TEXT, colours: true })).toBe(`  ${level.padEnd(5)}  m\n`);
  });

  it('acts upon no terminal, wherever its text stands', () => {
    const evil = 'a\u001b]0;x\u0007\u009b2J\r\nb\u202e';
    const event = {
      timestamp: evil,
      level: evil,
      service: evil,
      message: evil,
      attributes: { [evil]: evil, n: [evil] },
    };
    for (const json of [true, false])
      for (const columns of [undefined, ['message', evil, 'attributes']]) {
        const line = showEvent(event, { json, columns, colours: false });
        expect(line).toMatch(/^[^\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202e]*\n$/);
      }
  });
});
