import type { Catalogue } from '#catalogue';
import type { BackupHead } from './format/backup-head.js';

const COLLECTION = 'backups';
const ID = 'last';

/** The last backup that was made. */
export interface LastBackup {
  readonly id: string;
  /** Milliseconds since the epoch: when it began. */
  readonly began_at: number;
}

/** When the last backup was made; kept in the catalogue, so that a restart remembers it. */
export class BackupRecord {
  constructor(private readonly catalogue: Pick<Catalogue, 'read' | 'write'>) {}

  async last(): Promise<LastBackup | undefined> {
    return (await this.catalogue.read<LastBackup>(COLLECTION, ID))?.value;
  }

  async made({ id, began_at: beganAt }: BackupHead): Promise<void> {
    const value: LastBackup = { id, began_at: Date.parse(beganAt) };
    await this.catalogue.write([{ collection: COLLECTION, id: ID, value }]);
  }
}
