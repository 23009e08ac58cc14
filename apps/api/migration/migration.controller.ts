import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { awaitedUnits, type ArchivedStream, type AwaitedUnit } from '#archived-units';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { formatTimestamp } from '#event-model';
import { Migrations, type MigrationRecord } from '#migration';
import { RequireScope } from '../guarding/access-metadata.js';
import { migrationSchema, type ShownMigration } from './migration.schema.js';

type ShownStream = ShownMigration['awaited'][number];

/** How far the history of a data directory is that was moved into this appliance. */
@ApiTags('Migration')
@Controller('api/v1/migration')
export class MigrationController {
  readonly #migrations: Migrations;

  constructor(@Inject(CATALOGUE) private readonly catalogue: Catalogue) {
    this.#migrations = new Migrations(catalogue);
  }

  @Get()
  @RequireScope('system')
  @ApiOperation({
    summary: 'How far a move into this appliance is',
    description:
      'What `alluvium migrate` has brought of an older data directory, and which days of which streams are still on their way.',
  })
  @ApiResponse({ status: 200, standardSchema: migrationSchema })
  async read(): Promise<ShownMigration> {
    // The record last: a day that arrives meanwhile is told as awaited, never as one that is missing in a move that has ended.
    const streams = (await awaitedUnits(this.catalogue)).map(shownStream);
    const record = await this.#migrations.read();
    return record ? shown(record, UNFINISHED.has(record.phase) ? streams : []) : NOTHING;
  }
}

/** Phases in which days may be on their way, or were left there. */
const UNFINISHED: ReadonlySet<string> = new Set(['history', 'backed_out']);
const NOTHING: ShownMigration = {
  ...{ state: 'none', days: { total: 0, arrived: 0 }, events: { total: 0, arrived: 0 } },
  ...{ refused_events: 0, awaited: [] },
};

function shown(record: MigrationRecord, awaited: ShownStream[]): ShownMigration {
  const { phase: state, began_at, switched_at, moved_at, ended_at, units, events } = record;
  const arrived = (total: number, of: 'days' | 'events') =>
    state === 'catalogue' ? 0 : total - awaited.reduce((sum, stream) => sum + stream[of], 0);
  return {
    ...{ state, began_at },
    ...(switched_at !== undefined && { switched_at }),
    ...(moved_at !== undefined && { moved_at }),
    ...(ended_at !== undefined && { ended_at }),
    days: { total: units, arrived: arrived(units, 'days') },
    events: { total: events, arrived: arrived(events, 'events') },
    ...{ refused_events: record.refused ?? 0, awaited },
  };
}

function shownStream({
  of,
  units,
}: {
  readonly of: ArchivedStream;
  readonly units: readonly AwaitedUnit[];
}): ShownStream {
  const times = units.flatMap(({ oldest, newest }) => [BigInt(oldest), BigInt(newest)]);
  const [first = 0n] = times;
  return {
    ...of,
    days: units.length,
    events: units.reduce((sum, { events }) => sum + events, 0),
    oldest: formatTimestamp(times.reduce((a, b) => (a < b ? a : b), first)),
    newest: formatTimestamp(times.reduce((a, b) => (a > b ? a : b), first)),
  };
}
