import type { Engine } from '../engine/engine.js';
import { quoteName } from '../schema/names.js';

const OUTDATED =
  "SELECT database FROM system.tables WHERE startsWith(database, 'tenant_') AND name = 'quarantine' AND position(create_table_query, '`parser`') = 0";

/** Gives quarantines of a version that knew no parsers their column; nothing is done where none is of such a one. */
export async function upgradeQuarantines(engine: Engine): Promise<void> {
  const outdated = await engine.run(OUTDATED, { lane: 'write' });
  for (const { database } of outdated.rows<{ database: string }>())
    await engine.run(
      `ALTER TABLE ${quoteName(database)}.quarantine ADD COLUMN IF NOT EXISTS parser LowCardinality(String) AFTER reason`,
      { lane: 'write' },
    );
}
