import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { AuditRecord } from '#audit';
import { isStreamName, type EventTypeDeclaration } from '#event-model';
import { EventTypeRegistry, StreamError, StreamRegistry, type NewStream } from '#storage-tier';
import { requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import { requireTakesEvents } from '../streams/require-takes-events.js';

/** Event type of a stream that comes into being by sending to it. */
const DEFAULT_EVENT_TYPE = 'log';

/** A stream that events may go to. */
export interface Destination {
  readonly name: string;
  readonly eventType: EventTypeDeclaration;
  /** False: it is made when its first events are written. */
  readonly exists: boolean;
}

/** Finds the stream that a key's events go to. */
@Injectable()
export class DestinationFinder {
  constructor(
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(EventTypeRegistry) private readonly eventTypes: EventTypeRegistry,
    @Inject(AuditRecord) private readonly audit: AuditRecord,
  ) {}

  /**
   * An unknown stream is a destination where the key may make it.
   *
   * @throws Problem `forbidden`, `stream_unknown`, `stream_name_invalid`, `stream_read_only`
   * @throws StreamError `event_type_missing`
   */
  async find(principal: Principal, requested?: string): Promise<Destination> {
    const name = requested ?? principal.defaultStream;
    requireStream(principal, name);
    const stream = await this.streams.find(principal.tenant, name);
    if (stream) {
      requireTakesEvents(stream);
      return { name, eventType: stream.eventType, exists: true };
    }
    if (!isStreamName(name)) throw new Problem('stream_name_invalid', 'The path holds no name of a stream.');
    if (!principal.scopes.has('streams:create'))
      throw new Problem(
        'stream_unknown',
        `There is no stream named "${name}", and the key may not create it.`,
      );
    return { name, eventType: this.#defaultType(principal), exists: false };
  }

  /** Makes the stream where it isn't there yet, and records who did. @throws StreamError `too_many_streams` */
  async make({ tenant, keyId, keyName }: Principal, { name, eventType, exists }: Destination): Promise<void> {
    if (exists) return;
    const begun = await this.audit.begin({
      ...{ actor: { kind: 'key', id: keyId, name: keyName }, tenant, action: 'stream.create', object: name },
      changes: [{ field: 'event_type', after: eventType.name }],
    });
    try {
      const isNew = await this.#create({ tenant, name, eventType: eventType.name });
      await (isNew ? begun.end({ outcome: 'done' }) : begun.forget());
    } catch (error) {
      await (error instanceof StreamError || error instanceof Problem
        ? begun.forget()
        : begun.end({ outcome: 'failed' }));
      throw error;
    }
  }

  /** False where another request has made it meanwhile. */
  async #create(stream: NewStream): Promise<boolean> {
    try {
      await this.streams.create(stream);
      return true;
    } catch (error) {
      const other = await this.streams.find(stream.tenant, stream.name);
      if (!other) throw error;
      requireTakesEvents(other);
      return false;
    }
  }

  #defaultType({ tenant }: Principal): EventTypeDeclaration {
    const eventType = this.eventTypes.get(tenant, DEFAULT_EVENT_TYPE);
    if (!eventType)
      throw new Problem('event_type_missing', `No plugin declares the event type "${DEFAULT_EVENT_TYPE}".`);
    return eventType;
  }
}
