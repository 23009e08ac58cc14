import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DATA_FORMAT,
  FORMAT_FILE,
  keepDataFormat,
  markMigrated,
  readDataFormat,
  unmarkMigrated,
} from './data-format.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-format-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const path = (): string => join(directory, FORMAT_FILE);
const keep = () => keepDataFormat(directory, '1.2.3');

describe('the format of a data directory', () => {
  it('is not there in one that is new or older than it, and is this version’s once kept', async () => {
    expect(await readDataFormat(directory)).toBeUndefined();
    await keep();
    expect(await readDataFormat(directory)).toBe(DATA_FORMAT);
    expect(JSON.parse(await readFile(path(), 'utf8'))).toEqual({
      ...{ format: DATA_FORMAT, written_by: 'alluvium 1.2.3' },
    });
    expect(await readdir(directory)).toEqual([FORMAT_FILE]);
  });

  it('is not written again where it is the same', async () => {
    await keep();
    await keepDataFormat(directory, '9.9.9');
    expect(await readFile(path(), 'utf8')).toContain('1.2.3');
  });

  it('of a newer version is refused, with who made it, and nothing is changed', async () => {
    const newer = `{"format":${DATA_FORMAT + 1},"written_by":"alluvium 7.0.0","more":true}`;
    await writeFile(path(), newer);
    const error = { code: 'data_format_newer', message: expect.stringMatching(/alluvium 7\.0\.0.*knows/) };
    await expect(readDataFormat(directory)).rejects.toMatchObject(error);
    await expect(keep()).rejects.toMatchObject(error);
    expect([await readdir(directory), await readFile(path(), 'utf8')]).toEqual([[FORMAT_FILE], newer]);
  });

  it.each([
    '',
    '1',
    '{"format":0,"written_by":"x"}',
    '{"format":"1","written_by":"x"}',
    '{"format":1}',
    '\0',
  ])('that is %j is refused with its file, and nothing is changed', async (text) => {
    await writeFile(path(), text);
    const error = { code: 'data_format_unreadable', message: expect.stringContaining(path()) };
    await expect(keep()).rejects.toMatchObject(error);
    expect([await readdir(directory), await readFile(path(), 'utf8')]).toEqual([[FORMAT_FILE], text]);
  });

  it('that was half written before a death is written again', async () => {
    await writeFile(`${path()}.new`, '{"form');
    await keep();
    expect([await readDataFormat(directory), await readdir(directory)]).toEqual([DATA_FORMAT, [FORMAT_FILE]]);
  });

  it('that can’t be read is no reason to go on', async () => {
    await rm(directory, { recursive: true });
    await writeFile(directory, 'a file');
    await expect(readDataFormat(directory)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});

it('a directory that another edition goes on with is refused but to who moves it, until that is taken back', async () => {
  await keep();
  await markMigrated(directory, '2026-11-23T00:00:00Z');
  const refusal = { code: 'data_directory_migrated', message: expect.stringContaining('back-out') };
  await expect(readDataFormat(directory)).rejects.toMatchObject(refusal);
  await expect(keep()).rejects.toMatchObject(refusal);
  expect(await readDataFormat(directory, { forMigration: true })).toBe(DATA_FORMAT);
  await unmarkMigrated(directory);
  await unmarkMigrated(directory);
  expect(await readDataFormat(directory)).toBe(DATA_FORMAT);
});
