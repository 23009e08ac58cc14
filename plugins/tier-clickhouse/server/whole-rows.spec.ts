import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { untilMark } from './until-mark.js';
import { wholeRows } from './whole-rows.js';

const TAG = 'abcdefghijklmnop';
const MESSAGE =
  'Code: 395. DB::Exception: too much. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 26.7.2.1)';
const FAILED = `\r\n__exception__\r\n${TAG}\r\n${MESSAGE}\n99 ${TAG}\r\n__exception__\r\n`;
const ROWS = Array.from({ length: 40 }, (_, n) => `{"row":${n},"text":"\\r"}\n`).join('');

/** The text in chunks of that many bytes. */
async function* chunks(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size: number) {
  const seen = { text: '', rows: 0, error: undefined as { code?: string } | undefined };
  try {
    for await (const { bytes, rows } of wholeRows(chunks(text, size), TAG)) {
      expect(bytes.at(-1)).toBe(10);
      seen.text += Buffer.from(bytes).toString();
      seen.rows += rows;
    }
  } catch (error) {
    seen.error = error as { code?: string };
  }
  return seen;
}

describe.each([1, 2, 7, 64, 100_000])('an answer that comes in chunks of %i bytes', (size) => {
  it('is given in whole rows', async () => {
    expect(await read(ROWS, size)).toEqual({ text: ROWS, rows: 40, error: undefined });
  });

  it('may be empty', async () => {
    expect(await read('', size)).toEqual({ text: '', rows: 0, error: undefined });
  });

  it('never passes the error of its statement on as rows', async () => {
    const { text, error } = await read(`${ROWS}{"row":40,"te${FAILED}`, size);
    expect(ROWS.startsWith(text)).toBe(true);
    expect(error?.code).toBe('395');
  });

  it('tells that error also where the answer is cut off behind it', async () => {
    async function* cut(): AsyncGenerator<Buffer> {
      yield* chunks(`${ROWS}${FAILED}`, size);
      throw new Error('aborted');
    }
    const all = async () => {
      for await (const { rows } of wholeRows(cut(), TAG)) expect(rows).toBeGreaterThan(0);
    };
    await expect(all()).rejects.toMatchObject({ code: '395' });
  });

  it('is handed on to its last byte, or fails, where it is a file', async () => {
    const stream = (text: string) => Readable.from(chunks(text, size)).pipe(untilMark(TAG));
    expect((await buffer(stream(ROWS))).toString()).toBe(ROWS);
    await expect(buffer(stream(`${ROWS}${FAILED}`))).rejects.toMatchObject({ code: '395' });
  });
});

it('an answer may hold what looks like a mark of another word', async () => {
  const row = `x\r\n__exception__\r\nponmlkjihgfedcba\n`;
  expect((await read(row, 5)).text).toBe(row);
});
