import { expect, it } from 'vitest';
import { RequestRows } from '#event-model';
import { makeEventType } from '#plugin-kit/testing';
import { checkEvents, type CheckedPart } from './strict-check.js';

const eventType = makeEventType();

/** Every `ways`th line from row `way` on, as rules send them that way. */
function partOf(
  way: number,
  { ways, count, line }: { ways: number; count: number; line: string },
): CheckedPart {
  const rows = new RequestRows();
  for (let n = 0; n < count; n += 1) rows.add(way + n * ways);
  return { body: Buffer.from(`${line}\n`.repeat(count)), count, eventType, ...rows.place() };
}

async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let goesOn = true;
  const count = (): void => {
    turns += 1;
    if (goesOn) setImmediate(count);
  };
  setImmediate(count);
  await work.finally(() => (goesOn = false));
  return turns;
}

it('lets others have their turn, into however many parts rules cut a request', async () => {
  const line = JSON.stringify({ message: 'x'.repeat(1_000) });
  const parts = Array.from({ length: 100 }, (_, way) => partOf(way, { ways: 100, count: 10, line }));
  expect(await turnsDuring(checkEvents(parts, 0n))).toBeGreaterThanOrEqual(3);
});

it('names mistakes by their place in the request, whichever way each event goes', async () => {
  const parts = [0, 1, 2].map((way) => partOf(way, { ways: 3, count: 50, line: way === 1 ? '{}' : 'no' }));
  const problem = await checkEvents(parts, 0n).catch((error: unknown) => error);
  const errors = Array.from({ length: 150 }, (_, index) => ({ index })).filter(
    ({ index }) => index % 3 !== 1,
  );
  expect(problem).toMatchObject({ options: { errors, errorsTotal: 100 } });
});
