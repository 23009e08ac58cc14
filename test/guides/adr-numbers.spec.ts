import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const DIRECTORY = join(import.meta.dirname, '../../docs/adr');
const names = readdirSync(DIRECTORY).sort();

it('decisions have numbers in a row, each its own, which their titles say', () => {
  const numbers = names.map((name) => Number(name.slice(0, 4)));
  expect(numbers).toEqual(names.map((_, n) => n + 1));
  const titles = names.map((name) => readFileSync(join(DIRECTORY, name), 'utf8').split('\n')[0] ?? '');
  expect(titles.map((title) => Number(/^# (?:ADR )?0*(\d+)/.exec(title)?.[1]))).toEqual(numbers);
});
