import { expect, it } from 'vitest';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import { diskFault } from './disk-faults.js';

it('tells a full disk, a missing object and a denied one from a fault that may pass', () => {
  const fault = (code: string) => diskFault(Object.assign(new Error(`${code}: x`), { code }), 'write a.json');
  expect(fault('ENOSPC')).toMatchObject({ code: 'archive_disk_full', retryable: true });
  expect(fault('EDQUOT')).toMatchObject({ code: 'archive_disk_full', retryable: true });
  expect(fault('ENOENT')).toMatchObject({ code: 'archive_object_missing', retryable: false });
  for (const code of ['EACCES', 'EPERM', 'EROFS', 'ELOOP'])
    expect(fault(code)).toMatchObject({ code: 'archive_storage_refused', retryable: false });
  expect(fault('EIO')).toMatchObject({ code: 'archive_storage_unavailable', retryable: true });
  expect(fault('ENOSPC').message).toBe(
    'Could not write a.json. The disk of the archives is full: make room. (ENOSPC: x)',
  );
  const own = new ArchiveStorageError('archive_content_changed', 'x');
  expect(diskFault(own, 'write')).toBe(own);
  expect(diskFault('text', 'write').message).toContain('(text)');
});
