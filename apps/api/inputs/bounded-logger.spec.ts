import { describe, expect, it } from 'vitest';
import { boundedLogger } from './bounded-logger.js';

describe('the log of an input', () => {
  it('has a hundred lines of a minute, and how many were left out', () => {
    const [lines, clock] = [[] as unknown[], { now: 1_000_000 }];
    const write = (fields: object, message: string): unknown => lines.push([fields, message]);
    const logger = boundedLogger({ info: write, warn: write }, 'field', () => clock.now);
    for (let n = 0; n < 250; n += 1) logger.info({ n }, 'again');
    expect(lines).toHaveLength(100);
    expect(lines.at(-1)).toEqual([{ n: 99 }, 'again']);
    clock.now += 60_000;
    logger.warn({}, 'later');
    expect(lines.slice(100)).toEqual([
      [{ input: 'field', lines: 150 }, 'an input wrote more to the log than it may'],
      [{}, 'later'],
    ]);
  });
});
