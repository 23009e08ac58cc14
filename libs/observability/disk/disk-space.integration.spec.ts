import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { readDiskSpace } from '#observability';

it('reads the space of a real file system', async () => {
  const { freeBytes, totalBytes } = await readDiskSpace(tmpdir());
  expect(totalBytes).toBeGreaterThan(0);
  expect(freeBytes).toBeLessThanOrEqual(totalBytes);
});
