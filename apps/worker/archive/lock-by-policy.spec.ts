import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NO_ENCRYPTION } from '#archive-encryption';
import type { PutOptions } from '#archive-storage';
import { makeSigningKey } from '#archived-units/testing';
import type { BlockId } from '#event-model';
import { MergeScene, DAY } from '../testing/merge-scene.js';
import { LockByPolicy } from './lock-by-policy.js';
import { UnitArchiver } from './unit-archiver.js';

const UNTIL = new Date('2027-01-01T00:00:00Z');
const NOW = Date.parse('2026-11-05T02:00:00Z');

let directory: string;
let scene: MergeScene;
/** Until when each object that was put is locked. */
let locks: (Date | undefined)[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-locks-'));
  scene = new MergeScene(directory);
  locks = [];
  const { storage } = scene;
  const { put } = storage;
  storage.put = (key, content, options?: PutOptions) => {
    locks.push(options?.lockedUntil);
    return put.call(storage, key, content);
  };
});
afterEach(() => rm(directory, { recursive: true }));

it('the nearest policy says until when', async () => {
  const policy = (name: string, lock_days?: number) => ({
    ...{ name, keep: 'search 1d -> archive 90d -> delete', class: 'normal' as const, lock_days },
    ...{ changed_at: '', changed_by: { key_id: '', key_name: '' } },
  });
  const policies = [policy('tenant', 30), policy('stream:web', 10), policy('event-type:audit')];
  const lock = new LockByPolicy({ read: async () => ({ version: 1, policies }) }, () => NOW);
  const of = (stream: string, eventType: string) => lock.until({ tenant: 'acme', stream }, eventType, DAY);
  expect(await of('web', 'audit')).toEqual(new Date('2026-11-15T02:00:00Z'));
  expect(await of('shop', 'log')).toEqual(new Date('2026-12-05T02:00:00Z'));
  expect(await of('shop', 'audit')).toBeUndefined();
  const none = new LockByPolicy({ read: async () => ({ version: 0, policies: [] }) });
  expect(await none.until({ tenant: 'acme', stream: 'web' }, 'log', DAY)).toBeUndefined();
});

it('the file and the manifest of a merged unit are locked as its policy says', async () => {
  for (const [generation, words] of ['a c', 'b'].entries()) await scene.put(generation, words);
  locks = [];
  scene.lockedUntil = UNTIL;
  expect(await scene.merge()).toMatchObject({ outcome: 'merged' });
  expect(locks).toEqual([UNTIL, UNTIL]);
});

it('so are those of a day that is copied into the archive, and those of a tier from outside are not', async () => {
  const fingerprint = {
    events: 1,
    sum: '1',
    xor: '1',
    oldest: 1n,
    newest: 1n,
    sources: [{ source: 'a', events: 1 }],
  };
  const unit = { day: DAY, generation: 0, events: 1, identities: '1', lastReceivedAt: 1n };
  const { archived, copies, storage } = scene;
  const archiver = new UnitArchiver({
    tier: () => ({
      name: 'tier-test',
      countUnit: async () => ({ ...unit, through: '0f'.repeat(16) as BlockId }),
      exportUnit: async (_part, path) => writeFile(path, 'a').then(() => [{ name: 'a', type: 'String' }]),
      fingerprintUnit: async () => fingerprint,
      fingerprintFile: async () => fingerprint,
      linesOfFile: async (_path, _columns, to) => writeFile(to, 'a'),
      fileOfLines: async (_path, _columns, to) => writeFile(to, 'a'),
    }),
    ...{ storage, archived, copies, encryption: NO_ENCRYPTION, version: '1', logger: { error: () => {} } },
    ...{ signingKey: async () => makeSigningKey(), directory: join(directory, 'copies') },
    ...{ lock: { until: async () => UNTIL }, counted: () => {}, reach: () => {} },
  });
  const eventType = { name: 'log', title: '', description: '', fields: [], rollUps: [], example: {} };
  const stream = { tenant: 'acme', name: 'web', keepRaw: 'always' as const };
  const part = { stream: { ...stream, eventType: { ...eventType, sortBy: [] } }, day: DAY, generation: 0 };
  expect(await archiver.copy({ part, tier: 'archive' })).toEqual({ outcome: 'copied' });
  expect(locks).toEqual([UNTIL, UNTIL]);
  await archiver.copy({ part: { ...part, day: DAY + 1 }, tier: 'gzip-files' });
  expect(locks.slice(2)).toEqual([undefined, undefined]);
});
