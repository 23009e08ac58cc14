import { randomUUID } from 'node:crypto';
import type { BackupStore } from './store/backup-store.js';

/** What every process of this appliance knows of its backups: where they are, and how to open them. */
export interface BackupsParts {
  /** As the setting has it; undefined: no backups are made. */
  readonly target: string | undefined;
  readonly open: () => Promise<BackupStore>;
}

/** Kind of the job that makes a backup; its id is the one of the request. */
export const BACKUP_JOB = 'backup.make';

/** The backups of this appliance, opened when they are first used: their place need not be there before. */
export class Backups {
  /** Of this process: an order of another one is not carried out. */
  readonly process: string = randomUUID();
  #store: Promise<BackupStore> | undefined;

  constructor(private readonly parts: BackupsParts) {}

  get target(): string | undefined {
    return this.parts.target;
  }

  /** A place that could not be opened is tried again. */
  store(): Promise<BackupStore> {
    this.#store ??= this.parts.open().catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }

  async stop(): Promise<void> {
    await this.#store?.then((store) => store.stop()).catch(() => undefined);
  }
}
