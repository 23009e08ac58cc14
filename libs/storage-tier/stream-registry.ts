import type { Catalogue } from '#catalogue';
import { AlluviumError, isStreamName, NAME_RULE } from '#event-model';
import type { ReadOnlyStream, StoredIn, StreamSpec } from '#plugin-kit';
import type { EventTypeRegistry } from './event-types/event-type-registry.js';

const COLLECTION = 'streams';
/** Most streams that one tenant may have. */
export const MAX_STREAMS = 1_000;

/** A stream as it is kept and as the admin API shows it. */
export interface StreamRecord {
  readonly tenant: string;
  readonly name: string;
  readonly event_type: string;
  /** The version of its type that its tables are of. Absent: the first. */
  readonly event_type_version?: number;
  readonly keep_raw: 'when_needed' | 'always';
  /** Absent: the search tier. */
  readonly stored_in?: StoredIn;
  /** Absent: it takes events. */
  readonly read_only?: ReadOnlyStream;
  /** RFC 3339. */
  readonly created_at: string;
}

/** What streams ask of the event types. */
export type EventTypes = Pick<EventTypeRegistry, 'get' | 'at' | 'list' | 'onChange'>;

export interface NewStream {
  readonly tenant: string;
  readonly name: string;
  readonly eventType: string;
  readonly keepRaw?: 'when_needed' | 'always';
  readonly storedIn?: StoredIn;
  readonly readOnly?: ReadOnlyStream;
}

export type StreamErrorCode =
  'stream_name_invalid' | 'event_type_unknown' | 'stream_exists' | 'too_many_streams' | 'event_type_missing';

/** A stream could not be made or used as asked; the message says how to mend it. */
export class StreamError extends AlluviumError {
  constructor(code: StreamErrorCode, message: string) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}

/**
 * The streams of all tenants, kept in the catalogue. A stream has one event type for life. Look-ups are answered from
 * memory and follow the catalogue's changes.
 */
export class StreamRegistry {
  readonly #cache = new Map<string, StreamSpec>();
  readonly #unwatch: () => void;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly eventTypes: EventTypes,
  ) {
    this.#unwatch = catalogue.watch(COLLECTION, (ids) => ids.forEach((id) => this.#cache.delete(id)));
  }

  /** The stream, or undefined where the tenant has none of that name. */
  async find(tenant: string, name: string): Promise<StreamSpec | undefined> {
    const id = streamId(tenant, name);
    const cached = this.#cache.get(id);
    if (cached) return cached;
    const stored = await this.catalogue.read<StreamRecord>(COLLECTION, id);
    if (!stored) return undefined;
    const spec = this.#toSpec(stored.value);
    this.#cache.set(id, spec);
    return spec;
  }

  /**
   * The tenant's streams that take events, by name; all tenants' where none is named. Those that are read only are found by
   * their names alone: no policy, account or question about all streams is about them. One whose type is missing can't be used, which
   * {@link find} says of it, and is left out: it is no reason to do without the others.
   */
  async list(tenant?: string): Promise<readonly StreamSpec[]> {
    const records = await this.records(tenant);
    return records.flatMap((record) => (record.read_only ? [] : (this.#specOf(record) ?? [])));
  }

  /** All tenants that have a stream, of whatever type. */
  async tenants(): Promise<ReadonlySet<string>> {
    return new Set((await this.records()).map(({ tenant }) => tenant));
  }

  /** The streams as they are kept, with the time they were made; those that are read only too. */
  async records(tenant?: string): Promise<readonly StreamRecord[]> {
    const records: StreamRecord[] = [];
    const prefix = tenant === undefined ? {} : { prefix: `${tenant}/` };
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan<StreamRecord>(COLLECTION, {
        ...prefix,
        ...(after === undefined ? {} : { after }),
      });
      records.push(...page.map((stored) => stored.value));
      after = page.at(-1)?.id;
      if (after === undefined) return records;
    }
  }

  /** Makes a stream. @throws StreamError where the name, the type or the number of streams doesn't allow it. */
  async create(stream: NewStream): Promise<StreamRecord> {
    if (!isStreamName(stream.name))
      throw new StreamError('stream_name_invalid', `The stream name must be ${NAME_RULE}.`);
    const eventType = this.eventTypes.get(stream.tenant, stream.eventType);
    if (!eventType) throw this.#unknownType(stream);
    if ((await this.records(stream.tenant)).length >= MAX_STREAMS)
      throw new StreamError(
        'too_many_streams',
        `The tenant has ${MAX_STREAMS} streams, the most it may have; send to one of them.`,
      );
    const record = toRecord(stream, eventType.version);
    const id = streamId(stream.tenant, stream.name);
    const [outcome] = await this.catalogue.write([
      { collection: COLLECTION, id, value: record, ifVersion: 0 },
    ]);
    if (outcome?.kind !== 'written')
      throw new StreamError('stream_exists', `A stream named "${stream.name}" exists already.`);
    await this.#requireType(stream, id);
    return record;
  }

  /** Streams whose tables are of an older version of their type, as they are to be. */
  async outdated(): Promise<readonly StreamSpec[]> {
    return (await this.records()).flatMap((record) => {
      const newest = this.eventTypes.get(record.tenant, record.event_type);
      if (record.read_only || !newest || (newest.version ?? 1) <= (record.event_type_version ?? 1)) return [];
      return [{ ...this.#toSpec(record), eventType: newest }];
    });
  }

  /** Calls back after event types changed, so that streams may be {@link outdated}. */
  onTypeChange(listener: () => void): () => void {
    return this.eventTypes.onChange(listener);
  }

  /** Says that a stream's tables are of this version of its type now; whoever finds the stream finds it so. */
  async setTypeVersion({ tenant, name, eventType }: StreamSpec): Promise<void> {
    const id = streamId(tenant, name);
    const stored = await this.catalogue.read<StreamRecord>(COLLECTION, id);
    if (!stored) return;
    const value = { ...stored.value, event_type_version: eventType.version ?? 1 };
    await this.catalogue.write([{ collection: COLLECTION, id, value }]);
    this.#cache.delete(id);
  }

  /** Says why a read-only stream is one from now on. */
  async markReadOnly(tenant: string, name: string, why: ReadOnlyStream): Promise<void> {
    await this.#changeReadOnly(tenant, name, (record) => ({ ...record, read_only: why }));
  }

  /** Forgets a read-only stream, whose tables are gone. One that takes events stays. */
  async forgetReadOnly(tenant: string, name: string): Promise<void> {
    await this.#changeReadOnly(tenant, name, () => undefined);
  }

  /** The stream, made now where it doesn't exist; two callers at once get the same one. */
  async findOrCreate(stream: NewStream): Promise<StreamSpec> {
    const found = await this.find(stream.tenant, stream.name);
    if (found) return found;
    try {
      return this.#toSpec(await this.create(stream));
    } catch (error) {
      const other = await this.find(stream.tenant, stream.name);
      if (other) return other;
      throw error;
    }
  }

  /** Stops following the catalogue. */
  close(): void {
    this.#unwatch();
  }

  async #changeReadOnly(
    tenant: string,
    name: string,
    change: (record: StreamRecord) => StreamRecord | undefined,
  ): Promise<void> {
    const id = streamId(tenant, name);
    const stored = await this.catalogue.read<StreamRecord>(COLLECTION, id);
    if (!stored?.value.read_only) return;
    const value = change(stored.value);
    await this.catalogue.write([{ collection: COLLECTION, id, value, ifVersion: stored.version }]);
    this.#cache.delete(id);
  }

  #toSpec(record: StreamRecord): StreamSpec {
    const spec = this.#specOf(record);
    if (spec) return spec;
    throw new StreamError(
      'event_type_missing',
      `Stream "${record.name}" has the event type "${record.event_type}", which no plugin declares; restore its plugin.`,
    );
  }

  #specOf(record: StreamRecord): StreamSpec | undefined {
    const { tenant, name, keep_raw: keepRaw, stored_in: storedIn, read_only: readOnly } = record;
    const eventType = this.eventTypes.at(tenant, record.event_type, record.event_type_version ?? 1);
    const kept = { ...(storedIn && storedIn !== 'search' && { storedIn }), ...(readOnly && { readOnly }) };
    return eventType && { tenant, name, eventType, keepRaw, ...kept };
  }

  /** A type that was taken away while its stream was made leaves no stream behind. */
  async #requireType(stream: NewStream, id: string): Promise<void> {
    if (this.eventTypes.get(stream.tenant, stream.eventType)) return;
    await this.catalogue.write([{ collection: COLLECTION, id, value: undefined }]);
    throw this.#unknownType(stream);
  }

  #unknownType({ tenant, eventType }: NewStream): StreamError {
    const known = this.eventTypes.list(tenant).map(({ declaration }) => declaration.name);
    return new StreamError(
      'event_type_unknown',
      `There is no event type "${eventType}"; known: ${known.join(', ')}.`,
    );
  }
}

function streamId(tenant: string, name: string): string {
  return `${tenant}/${name}`;
}

function toRecord(stream: NewStream, version = 1): StreamRecord {
  return {
    tenant: stream.tenant,
    name: stream.name,
    event_type: stream.eventType,
    ...(version > 1 && { event_type_version: version }),
    keep_raw: stream.keepRaw ?? 'when_needed',
    ...(stream.storedIn && stream.storedIn !== 'search' && { stored_in: stream.storedIn }),
    ...(stream.readOnly && { read_only: stream.readOnly }),
    created_at: new Date().toISOString(),
  };
}
