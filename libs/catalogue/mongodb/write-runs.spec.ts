import { expect, it } from 'vitest';
import { prepare } from './statements.js';
import { runsOf } from './write-runs.js';

const put = (id: string) => ({ collection: 'c', id, value: 1 });
const cas = (id: string) => ({ ...put(id), ifVersion: 1 });
const gone = (id: string) => ({ ...put(id), value: undefined });

function runs(...changes: readonly Parameters<typeof prepare>[0][]): string[] {
  return runsOf(changes.map(prepare)).map((run) => run.map(({ change }) => change.id).join(''));
}

it('changes of one kind are a run; deletes go with either', () => {
  expect(runs(cas('a'), gone('b'), cas('c'), put('d'), gone('e'), put('f'), cas('g'))).toEqual([
    'abc',
    'def',
    'g',
  ]);
  expect(runs(gone('a'), gone('b'), put('c'), cas('d'))).toEqual(['abc', 'd']);
});

it('a document is once in a run, and a run has an end', () => {
  expect(runs(put('a'), put('b'), put('a'), put('b'), put('b'))).toEqual(['ab', 'ab', 'b']);
  const many = Array.from({ length: 2_001 }, (_, i) => prepare(cas(String(i))));
  expect(runsOf(many).map((run) => run.length)).toEqual([1_000, 1_000, 1]);
  expect(runsOf([])).toEqual([]);
});
