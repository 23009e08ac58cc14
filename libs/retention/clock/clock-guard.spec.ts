import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { ClockGuard } from './clock-guard.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-22T02:00:00Z');

let catalogue: MemoryCatalogue;
let wall: number;
let monotonic: number;
let guard: ClockGuard;
beforeEach(async () => {
  catalogue = new MemoryCatalogue();
  [wall, monotonic] = [START, 0];
  restart();
  await settled();
});

function restart(): void {
  monotonic = 7;
  guard = new ClockGuard({ catalogue, wall: () => wall, monotonic: () => monotonic });
}
const pass = (ms: number): void => {
  wall += ms;
  monotonic += ms;
};
const state = async (): Promise<string> => (await guard.look()).state;
/** A first start is watched for an hour. */
async function settled(): Promise<void> {
  expect(await state()).toBe('settling');
  pass(HOUR);
  expect(await state()).toBe('trusted');
}

describe('a clock that goes on is trusted', () => {
  it('for as long as it goes, and while it is set a little', async () => {
    for (const ms of [MINUTE, 40 * DAY, 400 * DAY]) {
      pass(ms);
      expect(await guard.look()).toEqual({ state: 'trusted', now: wall });
    }
    wall += 59 * MINUTE;
    expect(await state()).toBe('trusted');
    wall -= 59 * MINUTE;
    expect(await state()).toBe('trusted');
  });

  it('after the first start of all when it was watched for an hour, which nobody calls a downtime', async () => {
    catalogue = new MemoryCatalogue();
    restart();
    expect(await guard.look()).toEqual({
      ...{ state: 'settling', now: wall },
      detail: 'No time was seen before: the clock is watched for an hour.',
    });
  });

  it('after a short downtime at once', async () => {
    wall += 50 * MINUTE;
    restart();
    expect(await state()).toBe('trusted');
  });

  it('after a long one when it was watched for an hour, also where it is set in it', async () => {
    wall += 3 * DAY;
    restart();
    expect(await guard.look()).toMatchObject({ state: 'settling', detail: expect.stringContaining('72 h') });
    pass(40 * MINUTE);
    wall += 5 * HOUR;
    expect(await state()).toBe('settling');
    pass(40 * MINUTE);
    expect(await state()).toBe('settling');
    pass(20 * MINUTE);
    expect(await state()).toBe('trusted');
  });

  it('after a start with a wrong clock as soon as that is set right', async () => {
    wall += 3 * DAY;
    restart();
    expect(await state()).toBe('settling');
    wall -= 3 * DAY;
    expect(await state()).toBe('trusted');
  });
});

describe('a clock is doubted', () => {
  it.each([
    ['set ahead by two hours', 2 * HOUR, '2 h ahead'],
    ['set ahead by a day', DAY, '24 h ahead'],
    ['set ahead by ten years', 3_650 * DAY, 'ahead'],
    ['set back by two hours', -2 * HOUR, '2 h behind'],
    ['set back to 1970', -START, 'behind'],
  ])('that is %s, until it is right again', async (_, jump, words) => {
    pass(MINUTE);
    wall += jump;
    expect(await guard.look()).toMatchObject({ state: 'doubted', detail: expect.stringContaining(words) });
    pass(30 * DAY);
    expect(await state()).toBe('doubted');
    wall -= jump;
    expect(await state()).toBe('trusted');
  });

  it('that was set, also after a restart, until an admin says that it is right', async () => {
    wall += 2 * DAY;
    expect(await state()).toBe('doubted');
    restart();
    expect(await state()).toBe('doubted');
    pass(2 * HOUR);
    expect(await state()).toBe('doubted');
    await guard.accept();
    restart();
    expect(await state()).toBe('trusted');
  });

  it('that is far ahead after a start, until an admin says that it is right', async () => {
    wall += 8 * DAY;
    restart();
    expect(await state()).toBe('doubted');
    pass(3 * HOUR);
    expect(await state()).toBe('doubted');
    expect(await guard.accept()).toEqual({ state: 'trusted', now: wall });
    pass(DAY);
    expect(await state()).toBe('trusted');
    restart();
    expect(await state()).toBe('trusted');
  });
});

it('the time that was seen is written down every five minutes, not at each look', async () => {
  let writes = 0;
  const counting = {
    read: catalogue.read.bind(catalogue),
    write: (...changes: Parameters<MemoryCatalogue['write']>) => {
      writes += 1;
      return catalogue.write(...changes);
    },
  };
  guard = new ClockGuard({ catalogue: counting, wall: () => wall, monotonic: () => monotonic });
  await guard.look();
  writes = 0;
  for (let minute = 0; minute < 60; minute += 1) {
    pass(MINUTE);
    await guard.look();
  }
  expect(writes).toBe(12);
});
