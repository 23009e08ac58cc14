import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT } from '../exit-codes.js';
import { DEFAULT_URL, readServerPlace, requireServerPlace } from './server-place.js';

const folder = mkdtempSync(join(tmpdir(), 'alluvium-place-'));
const keyFile = join(folder, 'admin.key');
writeFileSync(keyFile, 'alv_of_the_file\n');
afterAll(() => rmSync(folder, { recursive: true }));

describe('the place of a server', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['logs.example.com:8443', 'http://logs.example.com:8443/'],
    ['https://example.com/logs', 'https://example.com/logs'],
    ['', `${DEFAULT_URL}/`],
  ])('%j is %s', (url, read) => expect(readServerPlace({ url }, {}).url.href).toBe(read));

  it.each(['ftp://example.com', 'http://', 'http://:80 80', 'https://user:alv_secret@example.com'])(
    'is not %j',
    (url) => {
      expect(() => readServerPlace({ url }, {})).toThrow(expect.objectContaining({ exit: EXIT.usage }));
      expect(() => readServerPlace({ url }, {})).not.toThrow(/alv_secret/);
    },
  );

  it('comes with the key of the option, then of the file', () => {
    const env = { ALLUVIUM_KEY_FILE: keyFile };
    expect(readServerPlace({ url: DEFAULT_URL, key: 'alv_a' }, env).key).toBe('alv_a');
    expect(readServerPlace({ url: 'https://example.com', key: '' }, env).key).toBe('alv_of_the_file');
  });

  it.each([
    ['http://127.0.0.1:1', 'alv_of_the_file'],
    ['http://localhost:1', 'alv_of_the_file'],
    ['http://[::1]:1', 'alv_of_the_file'],
    ['http://example.com', undefined],
    ['http://127.0.0.1.example.com', undefined],
  ])('gives the admin key of the data directory to %s only as far as it is here', (url, key) => {
    expect(readServerPlace({ url }, { ALLUVIUM_DATA_DIR: folder }).key).toBe(key);
  });

  it('says how to give a key where there is none, or none that can be one', () => {
    const nothing = { ALLUVIUM_DATA_DIR: join(folder, 'none') };
    expect(() => requireServerPlace({ url: DEFAULT_URL }, nothing)).toThrow(/There is no key for http/);
    const missing = { ALLUVIUM_KEY_FILE: join(folder, 'missing') };
    expect(() => readServerPlace({ url: DEFAULT_URL }, missing)).toThrow(/missing \(ENOENT\)/);
    expect(() => readServerPlace({ url: DEFAULT_URL, key: 'alv_a\r\nb' }, {})).toThrow(
      /spaces or other signs/,
    );
  });
});
