import { expect, it } from 'vitest';
import type { JobStep } from './job-queue.port.js';
import { JobSteps } from './job-steps.js';

const told: { share: number; note: string | undefined; steps: readonly JobStep[] }[] = [];
let now = 0;

function stepsOf(...names: readonly string[]): JobSteps {
  told.length = 0;
  now = 100;
  const progress = async (share: number, note?: string, steps: readonly JobStep[] = []): Promise<void> =>
    void told.push({ share, note, steps });
  return new JobSteps({ progress }, names, () => now);
}

it('a step waits for the one before it, runs, and is done when the next begins', async () => {
  const steps = stepsOf('copy', 'move', 'read_back');
  await steps.begin('copy');
  expect(told.at(-1)).toEqual({
    share: 0,
    note: undefined,
    steps: [
      { name: 'copy', state: 'running', progress: 0, startedAt: 100 },
      { name: 'move', state: 'waiting', progress: 0, waitsFor: 'copy' },
      { name: 'read_back', state: 'waiting', progress: 0, waitsFor: 'move' },
    ],
  });
  await steps.say('web, 1 of 2');
  await steps.reach(0.5, { share: 0.25, note: '1 copied' });
  expect(told.at(-1)).toMatchObject({ share: 0.25, note: '1 copied' });
  expect(told.at(-1)?.steps[0]).toMatchObject({ progress: 0.5, note: 'web, 1 of 2', state: 'running' });
  now = 160;
  await steps.begin('move');
  expect(told.at(-1)?.steps.slice(0, 2)).toEqual([
    { name: 'copy', state: 'done', progress: 1, startedAt: 100, endedAt: 160 },
    { name: 'move', state: 'running', progress: 0, startedAt: 160 },
  ]);
  await steps.end('all done');
  expect(told.at(-1)).toMatchObject({ share: 1, note: 'all done' });
  expect(told.at(-1)?.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
});

it('a step with nothing to do is passed over, and takes no time', async () => {
  const steps = stepsOf('remove', 'copy');
  await steps.begin('copy');
  expect(told.at(-1)?.steps[0]).toEqual({
    ...{ name: 'remove', state: 'done', progress: 1, startedAt: 100, endedAt: 100 },
  });
});
