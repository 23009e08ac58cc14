import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { KilledBackups } from './killed-backup.js';

let rig: KilledBackups | undefined;
afterEach(() => rig?.dispose());

it('whatever kills the server in a backup, whole ones hold, half ones are none, and the next one ends', async () => {
  rig = await KilledBackups.start((folder) => join(folder, 'backups'), {
    ALLUVIUM_BACKUP_KEY: 'c0ffee00'.repeat(8),
  });
  expect(await rig.through()).toBe(7);
}, 300_000);
