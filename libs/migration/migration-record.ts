import type { Catalogue } from '#catalogue';
import { MigrationError } from './migration.errors.js';

const COLLECTION = 'migration';
const ID = 'history';

/**
 * - `catalogue`: it is being copied; nothing may start on it.
 * - `history`: the appliance may take events; units of the old one are on their way.
 * - `moved`: every unit is there, as it was.
 * - `confirmed`: the old data directory isn't needed any more.
 * - `backed_out`: the old data directory is in use again.
 */
export type MigrationPhase = 'catalogue' | 'history' | 'moved' | 'confirmed' | 'backed_out';

/** How far the move of an old data directory into this appliance is. */
export interface MigrationRecord {
  readonly phase: MigrationPhase;
  /** Tells one old appliance from another. */
  readonly origin: string;
  /** RFC 3339. */
  readonly began_at: string;
  /** Since when this appliance may take events. */
  readonly switched_at?: string;
  readonly moved_at?: string;
  readonly ended_at?: string;
  /** What was to be moved. */
  readonly units: number;
  readonly events: number;
  /** Refused events that came along, before the switch. */
  readonly refused?: number;
}

/** The one record of a move, kept in the catalogue that is moved to. */
export class Migrations {
  constructor(private readonly catalogue: Pick<Catalogue, 'read' | 'write'>) {}

  async read(): Promise<MigrationRecord | undefined> {
    return (await this.catalogue.read<MigrationRecord>(COLLECTION, ID))?.value;
  }

  async keep(record: MigrationRecord): Promise<void> {
    await this.catalogue.write([{ collection: COLLECTION, id: ID, value: record }]);
  }
}

/** @throws MigrationError `migration_unfinished` where the catalogue is being copied, or was in part */
export async function refuseUnfinished(catalogue: Pick<Catalogue, 'read' | 'write'>): Promise<void> {
  const record = await new Migrations(catalogue).read();
  if (record?.phase !== 'catalogue') return;
  throw new MigrationError(
    'migration_unfinished',
    `The catalogue of another data directory was being copied here since ${record.began_at}, and that is not finished: call \`alluvium migrate\` again with that directory, and start when it says so.`,
  );
}
