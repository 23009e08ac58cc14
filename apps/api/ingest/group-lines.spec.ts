import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameLines } from '#event-bus';
import { readJoinedLine, type LineGrouping } from '#plugin-kit';
import { groupLinesInPieces } from './group-lines.js';

/** Lines that begin with a space go on. */
const INDENTED: LineGrouping = { maxLines: 4, open: () => (line) => line[0] === 0x20 };

function group(text: string, limit = 1_000, grouping = INDENTED) {
  const work = groupLinesInPieces(Buffer.from(text), limit, grouping);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}
function eventsOf(text: string, limit?: number, grouping?: LineGrouping): readonly string[] {
  const framed = group(text, limit, grouping);
  if (!('body' in framed)) throw new Error('it is too long');
  const lines = Buffer.from(framed.body).toString().split('\n').slice(0, -1);
  expect(lines).toHaveLength(framed.count);
  return lines.map(readJoinedLine);
}

describe('lines that are one event', () => {
  it('are joined, blank lines within them too', () => {
    expect(eventsOf('a\n b\r\n \r\n c\n\nd\n\n e')).toEqual(['a\n b\n\n c', 'd\n\n e']);
    expect(eventsOf(' a\n b\n\n')).toEqual([' a\n b']);
    expect(eventsOf('\n \n')).toEqual([]);
  });

  it('are no more than the grouping says, and have no more bytes than a line may', () => {
    expect(eventsOf('a\n b\n c\n d\n e\n f')).toEqual(['a\n b\n c\n d', ' e\n f']);
    expect(eventsOf('aaaaaa\n bbbbb\n ccccc', 20)).toEqual(['aaaaaa\n bbbbb', ' ccccc']);
    const many = eventsOf(`a\n${' b#012#012\n'.repeat(50)}`, 60, { ...INDENTED, maxLines: 1_000 });
    expect(many.every((event) => event.length <= 60)).toBe(true);
  });

  it('are refused where one is too long, with its number', () => {
    expect(group(`a\n${'x'.repeat(21)}`, 20)).toEqual({ tooLong: { line: 2, bytes: 21 } });
  });

  it('are all there, in order, whatever they are', () => {
    const text = fc.array(fc.constantFrom('a', ' b', '', ' ', '#012', ' #043', 'é'), { maxLength: 40 });
    fc.assert(
      fc.property(text, (lines) => {
        const kept = eventsOf(lines.join('\n')).flatMap((event) => event.split('\n'));
        const full = (all: readonly string[]) => all.filter((line) => line.trim() !== '');
        expect(full(kept)).toEqual(full(lines));
      }),
    );
  });

  it('that never go on are framed as any text', () => {
    const alone: LineGrouping = { maxLines: 4, open: () => () => false };
    fc.assert(
      fc.property(fc.stringMatching(/^[ab \r\n]{0,40}$/), (text) => {
        const framed = frameLines(Buffer.from(text), 1_000);
        expect(group(text, 1_000, alone)).toEqual(
          'body' in framed ? { ...framed, body: Buffer.from(framed.body) } : framed,
        );
      }),
    );
  });

  it('are not kept as objects, of which a large text would have millions', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heldBytes = (): number => (collect(), process.memoryUsage().heapUsed);
    const before = heldBytes();
    const work = groupLinesInPieces(Buffer.from('a\n'.repeat(300_000)), 1_000, INDENTED);
    for (let turns = 0; turns < 149; turns += 1) work.next();
    expect(heldBytes() - before).toBeLessThan(10_000_000);
    expect(work.next().done).toBe(false);
  });

  it('lets others have their turn', () => {
    const work = groupLinesInPieces(Buffer.from('a\n'.repeat(10_000)), 1_000, INDENTED);
    expect(work.next().done).toBe(false);
  });
});
