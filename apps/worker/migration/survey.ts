import { LEGAL_HOLDS_COLLECTION, type StreamArchive, type StreamLegalHolds } from '#archived-units';
import type { Catalogue, ListableCatalogue } from '#catalogue';
import type { InspectableEventBus } from '#event-bus';
import type { RefusedCount } from '#ledger';
import { MigrationError, refuseUnknown, unitsToMove } from '#migration';
import type { CountingTier, RetainingTier, StoredUnit, StreamSpec } from '#plugin-kit';
import type { StreamRecord, StreamRegistry } from '#storage-tier';

const ARCHIVES = 'archived-units';
const EVERYTHING = { limit: Number.MAX_SAFE_INTEGER };

/** An appliance of one data directory, which nobody else has open. */
export interface OldAppliance {
  readonly catalogue: ListableCatalogue;
  readonly bus: Pick<InspectableEventBus, 'backlog'>;
  readonly streams: Pick<StreamRegistry, 'records' | 'find'>;
  readonly tier: () => Pick<RetainingTier, 'storedUnits'> & Pick<CountingTier, 'countQuarantine'>;
}

/** A stream with what of it is to be moved. */
export interface SurveyedStream {
  readonly stream: StreamSpec;
  /** The newest day first. */
  readonly units: readonly StoredUnit[];
}

/** What an appliance has that another edition is to go on with. */
export interface Survey {
  readonly streams: readonly SurveyedStream[];
  /** Streams as they are kept, by their id; without copies of archives that were restored for a while. */
  readonly records: ReadonlyMap<string, StreamRecord>;
  /** What the archive has, by the stream's id. */
  readonly archives: ReadonlyMap<string, StreamArchive>;
  /** What the store keeps for holds, by the stream's id. */
  readonly legalHolds: ReadonlyMap<string, StreamLegalHolds>;
  /** Streams that are copies of archives: they stay behind. */
  readonly restored: readonly string[];
  /** Refused events of tenants, by stream, source and minute. */
  readonly refused: readonly RefusedCount[];
  readonly quarantined: number;
  readonly units: number;
  readonly events: number;
  /** Bytes that the units have in the tables, and the largest of them. */
  readonly diskBytes: number;
  readonly largestBytes: number;
}

/**
 * Looks what an appliance has, and whether it can be moved as it is.
 *
 * @throws MigrationError `migration_refused` with what has to be done first
 */
export async function survey(old: OldAppliance): Promise<Survey> {
  await refuseUnknown(old.catalogue);
  await refuseUnderWay(old);
  const records = await old.streams.records();
  const kept = records.filter((record) => !isRestored(record));
  const archives = await allOf<StreamArchive>(old.catalogue, ARCHIVES);
  const legalHolds = await allOf<StreamLegalHolds>(old.catalogue, LEGAL_HOLDS_COLLECTION);
  const streams: SurveyedStream[] = [];
  for (const record of kept)
    if (record.read_only === undefined) streams.push(await surveyStream(old, record, archives));
  const refused = await countRefused(old, records);
  const units = streams.flatMap((one) => one.units);
  return {
    ...{ streams, archives, legalHolds },
    records: new Map(kept.map((record) => [idOf(record), record])),
    restored: records.filter(isRestored).map(idOf),
    ...{ refused, quarantined: sum(refused.map(({ events }) => events)) },
    units: units.length,
    events: sum(units.map(({ events }) => events)),
    diskBytes: sum(units.map(({ diskBytes }) => diskBytes)),
    largestBytes: units.reduce((most, { diskBytes }) => Math.max(most, diskBytes), 0),
  };
}

async function surveyStream(
  old: OldAppliance,
  record: StreamRecord,
  archives: ReadonlyMap<string, StreamArchive>,
): Promise<SurveyedStream> {
  if (record.stored_in === 'both')
    throw refused(
      `The stream "${idOf(record)}" has a copy on a MongoDB, which is not in the data directory.`,
    );
  if (record.stored_in === 'documents')
    throw refused(
      `The stream "${idOf(record)}" is kept as documents on a MongoDB, which is not in the data directory.`,
    );
  const stream = await old.streams.find(record.tenant, record.name);
  if (!stream) throw refused(`The stream "${idOf(record)}" vanished meanwhile.`);
  const stored = await old.tier().storedUnits(stream);
  return { stream, units: unitsToMove(stored, archives.get(idOf(record))) };
}

async function refuseUnderWay({ bus, catalogue }: OldAppliance): Promise<void> {
  const { blocks, events } = bus.backlog();
  if (blocks > 0)
    throw refused(
      `${events} events wait in its log and are in no table yet: start the old appliance once more, and stop it (SIGTERM) when its backlog is empty.`,
    );
  for (const collection of ['unit-removals', 'ledger-moves'])
    if ((await catalogue.scan(collection, { limit: 1 })).length > 0)
      throw refused(
        'A removal of old events, or a move out of quarantine, was broken off there: start the old appliance once more, so that it finishes that, and stop it.',
      );
}

async function countRefused(
  old: OldAppliance,
  records: readonly StreamRecord[],
): Promise<readonly RefusedCount[]> {
  const counts: RefusedCount[] = [];
  for (const tenant of new Set(records.map((record) => record.tenant)))
    for (const count of await old.tier().countQuarantine(tenant)) counts.push({ ...count, tenant });
  return counts;
}

async function allOf<T>(catalogue: Catalogue, collection: string): Promise<ReadonlyMap<string, T>> {
  const all = await catalogue.scan<T>(collection, EVERYTHING);
  return new Map(all.map(({ id, value }) => [id, value]));
}

function isRestored({ read_only: why }: StreamRecord): boolean {
  return why !== undefined && why !== 'attached';
}

function idOf({ tenant, name }: StreamRecord): string {
  return `${tenant}/${name}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function refused(message: string): MigrationError {
  return new MigrationError('migration_refused', message);
}
