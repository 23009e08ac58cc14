import { describe, expect, it } from 'vitest';
import { cellsOf, cursorOf } from './row-cursor.js';
import { RowReader, type RowFormat } from './row-reader.js';

const CSV = 'event_id,timestamp,message\r\na-1,t1,"x\ny ""z"""\r\na-2,t2,plain\r\na-3,t3,"not who';
const NDJSON = '{"event_id":"a-1","timestamp":"t1"}\n{"event_id":"a-2","timestamp":"t2"}\n{"eve';

describe('rows', () => {
  it.each<[RowFormat, string]>([
    ['csv', CSV],
    ['ndjson', NDJSON],
  ])('of %s are told from the beginning of one, in whatever pieces they come', (format, text) => {
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const size of [1, 2, 7, 1_000]) {
      const reader = new RowReader(format);
      const got: Buffer[] = [];
      for (let at = 0; at < text.length; at += size)
        got.push(reader.feed(Buffer.from(text.slice(at, at + size))));
      expect(Buffer.concat(got).toString()).toBe(whole);
      expect([reader.rows, reader.bytes]).toEqual([format === 'csv' ? 3 : 2, whole.length]);
      expect(cursorOf(format, reader.last, reader.first ?? '')).toBe('t2,a-2');
      reader.dropRest();
      expect(reader.feed(Buffer.from('a\n')).toString()).toBe('a\n');
    }
  });

  it('have a first one when it is whole', () => {
    const reader = new RowReader('csv');
    reader.feed(Buffer.from('a,b'));
    expect(reader.first).toBeUndefined();
    reader.feed(Buffer.from('\r\n1,2\r\n'));
    expect([reader.first, reader.last]).toEqual(['a,b', '1,2']);
  });
});

describe('a cursor', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['', ['']],
    ['"a,""b""",,"c\nd"', ['a,"b"', '', 'c\nd']],
  ])('finds the cells of %j', (row, cells) => expect(cellsOf(row)).toEqual(cells));

  it('needs both fields', () => {
    expect(cursorOf('csv', 't1,x', 'timestamp,message')).toBeUndefined();
    expect(cursorOf('ndjson', '{"event_id":"a"}', '')).toBeUndefined();
  });
});
