import type { EventTypeDeclaration } from '#event-model';

/** Who changed something, as records name them. */
export interface ChangedBy {
  readonly key_id: string;
  readonly key_name: string;
}

/** One version of an event type as it is kept. */
export interface EventTypeVersion {
  readonly declaration: EventTypeDeclaration;
  /** RFC 3339. */
  readonly changed_at: string;
  /** Absent where a plugin brought it. */
  readonly changed_by?: ChangedBy;
}

/** Every version of an event type, the first one first: tables may be of any of them. */
export interface EventTypeRecord {
  readonly versions: readonly EventTypeVersion[];
}

/** An event type that a tenant may use. */
export interface KnownEventType extends EventTypeRecord {
  readonly origin: 'plugin' | 'declared';
  /** The newest version. */
  readonly declaration: EventTypeDeclaration;
}

/** The newest of a record's versions. */
export function newestOf({ versions }: EventTypeRecord): EventTypeDeclaration | undefined {
  return versions.at(-1)?.declaration;
}

/** A version by its number; the newest where there is none of that number. */
export function versionOf(record: EventTypeRecord, version: number): EventTypeDeclaration | undefined {
  return record.versions[version - 1]?.declaration ?? newestOf(record);
}
