import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { CatalogueModule } from '#catalogue';
import { untilRecord } from './testing/watched-handler.js';
import { JOB_QUEUE, JobQueueModule, type InspectableJobQueue } from './index.js';

it('the module hands out a queue whose jobs survive a restart of the app, running ones included', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'alluvium-jobs-'));
  const start = async () => {
    const imports = [CatalogueModule.register({ directory }), JobQueueModule.register()];
    const app = await Test.createTestingModule({ imports }).compile();
    return { app, queue: app.get<InspectableJobQueue>(JOB_QUEUE) };
  };
  const first = await start();
  first.queue.process('sweep', async ({ signal }) => {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  });
  await first.queue.add({ kind: 'sweep', id: 'a', payload: { n: 1 }, attempts: 1 });
  await untilRecord(first.queue, { kind: 'sweep', id: 'a' }, { state: 'running' });
  await first.app.close();

  const second = await start();
  const seen: unknown[] = [];
  second.queue.process('sweep', async ({ payload }) => void seen.push(payload));
  await untilRecord(second.queue, { kind: 'sweep', id: 'a' }, { state: 'done', attempt: 1 });
  expect(seen).toEqual([{ n: 1 }]);
  await second.app.close();
  rmSync(directory, { recursive: true });
});
