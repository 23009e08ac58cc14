import { expect, it } from 'vitest';
import { loadSettings } from '#app-config';
import { HealthState } from '#observability';
import { ArchiveHealth } from './archive-health.js';

async function partOf(env: Record<string, string>, check = async () => {}) {
  const health = new HealthState();
  const settings = loadSettings({ env, readText: () => '' });
  new ArchiveHealth(health, settings, { check }).onModuleInit();
  return (await health.ready()).get('archive');
}

it('a place of archives that is set is a part of readiness, which is degraded while it is out', async () => {
  const bucket = { S3_BUCKET: 'archives' };
  expect(await partOf(bucket)).toEqual({ status: 'up' });
  const out = () => Promise.reject(new Error('There is no such bucket: set S3_BUCKET.'));
  expect(await partOf({ ALLUVIUM_ARCHIVE_DIR: 'cold' }, out)).toEqual({
    status: 'degraded',
    detail: { error: 'There is no such bucket: set S3_BUCKET.' },
  });
});

it('the folder in the data directory is none: the disk is asked for already', async () => {
  expect(await partOf({})).toBeUndefined();
});
