import { expect, it } from 'vitest';
import { ArchiveStorageError } from '#archive-storage';
import { deleteObjects } from './delete-objects.js';

const failing = (code: 'archive_tier_failed' | 'archive_storage_refused') => ({
  delete: async (key: string) => {
    if (key === 'out') throw new ArchiveStorageError(code, 'It does not.');
  },
});

it('objects of a tier that is out stay, and hold up no others', async () => {
  expect(await deleteObjects(failing('archive_tier_failed'), ['a', 'out', 'b'])).toEqual(['a', 'b']);
});

it('what the place of archives refuses is an error', async () => {
  const deleting = deleteObjects(failing('archive_storage_refused'), ['a', 'out', 'b']);
  await expect(deleting).rejects.toMatchObject({ code: 'archive_storage_refused' });
});
