import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readBody } from './read-body.js';

const read = (chunks: readonly Buffer[], limit = 100, contentLength?: string) =>
  new Promise<Buffer | undefined>((resolve, reject) =>
    readBody({ stream: Readable.from(chunks), contentLength, limit }, (error, body) =>
      error ? reject(error) : resolve(body),
    ),
  );

it('passes a body of one chunk on without copying it', async () => {
  const chunk = Buffer.from('{"a":1}\n');
  expect(await read([chunk])).toBe(chunk);
});

it('joins chunks wherever they are cut, and takes a body of exactly the limit', async () => {
  const whole = Buffer.from('ä'.repeat(50));
  const chunks = Array.from(whole, (byte) => Buffer.from([byte]));
  expect((await read(chunks))?.equals(whole)).toBe(true);
  expect(await read([])).toHaveLength(0);
});

it('refuses a body over the limit, by its declared length before it is read', async () => {
  await expect(read([Buffer.alloc(60), Buffer.alloc(41)])).rejects.toMatchObject({ code: 'body_too_large' });
  await expect(read([], 100, '101')).rejects.toMatchObject({ code: 'body_too_large' });
});

it('refuses a body that breaks off', async () => {
  const stream = new Readable({ read: () => {} });
  const result = new Promise((_, reject) => readBody({ stream, contentLength: '9', limit: 100 }, reject));
  stream.destroy(new Error('aborted'));
  await expect(result).rejects.toMatchObject({ code: 'bad_request' });
});
