import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openBackups, type OpenBackupsOptions } from '../store/open-backups.js';
import type { BackupStore } from '../store/backup-store.js';
import { makeBackup } from '../work/make-backup.js';
import type { BackupHead } from '../format/backup-head.js';

/** A directory that is backed up, a place of backups and room for restored ones. */
export class BackupScene {
  #restored = 0;

  private constructor(readonly root: string) {}

  static async make(): Promise<BackupScene> {
    return new BackupScene(await mkdtemp(join(tmpdir(), 'alluvium-backups-')));
  }

  get data(): string {
    return join(this.root, 'data');
  }

  get place(): string {
    return join(this.root, 'backups');
  }

  /** Another directory that is not there yet. */
  target(): string {
    this.#restored += 1;
    return join(this.root, `restored-${this.#restored}`);
  }

  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.data, path)), { recursive: true });
      await writeFile(join(this.data, path), content);
    }
  }

  open(options: OpenBackupsOptions = {}): Promise<BackupStore> {
    return openBackups({ directory: this.place }, options);
  }

  /** Backs the data up, as it is now. */
  backUp(store: BackupStore, signal = new AbortController().signal): Promise<BackupHead> {
    return makeBackup(store, {
      trees: [{ root: this.data, at: '', without: ['left-out'], whenGone: 'fail' }],
      beganAt: new Date(),
      about: { written_by: 'alluvium 0.0.0', data_format: 1, rest_ms: 1, not_held: ['The settings.'] },
      signal,
      progress: async () => {},
      reach: () => {},
    });
  }

  /** Paths of all objects of the place that are pieces. */
  async pieces(): Promise<readonly string[]> {
    const names = await readdir(join(this.place, 'objects'), { recursive: true });
    return names.filter((name) => name.endsWith('.piece')).map((name) => join(this.place, 'objects', name));
  }

  /** Path and content of every file below a directory. */
  async filesOf(directory: string): Promise<Readonly<Record<string, string>>> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const contents = await Promise.all(paths.map((path) => readFile(path, 'latin1')));
    return Object.fromEntries(paths.map((path, n) => [path.slice(directory.length + 1), contents[n] ?? '']));
  }

  dispose(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}
