import { expect, it } from 'vitest';
import { ArchiveStorageError } from '#archive-storage';
import { deleteObjects } from './delete-objects.js';

const failing = (code: 'archive_tier_failed' | 'archive_object_locked' | 'archive_storage_refused') => ({
  delete: async (key: string) => {
    if (key === 'out') throw new ArchiveStorageError(code, 'It does not.');
  },
});

it.each(['archive_tier_failed', 'archive_object_locked'] as const)(
  'objects that stay by %s are told, and hold up no others',
  async (code) => {
    const stays: string[] = [];
    const gone = await deleteObjects(failing(code), ['a', 'out', 'b'], (why) => stays.push(why.code));
    expect([gone, stays]).toEqual([['a', 'b'], [code]]);
  },
);

it('what the place of archives refuses is an error', async () => {
  const deleting = deleteObjects(failing('archive_storage_refused'), ['a', 'out', 'b']);
  await expect(deleting).rejects.toMatchObject({ code: 'archive_storage_refused' });
});
