import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TierError } from '#plugin-kit';
import { blockOf, EVERY_FIELD } from '../testing/sample-events.js';
import { stageInFiles } from './block-files.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-staging-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('says where lines can’t be written, as what may go through later', async () => {
  const scratch = join(directory, 'no-folder');
  await writeFile(scratch, '');
  const stream = { tenant: 'default', name: 'x', eventType: EVERY_FIELD, keepRaw: 'when_needed' as const };
  const error = await stageInFiles(scratch)
    .stage('token', [blockOf(stream, ['{}'])])
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TierError);
  expect(error).toMatchObject({
    failure: 'unavailable',
    retryable: true,
    message: expect.stringContaining(`can't be written to ${scratch} for the engine to read`),
  });
});
