import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { EventTypeError, EventTypeRegistry, StreamRegistry, type StreamRecord } from '#storage-tier';
import { mayTouch } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import { planEventType } from './event-type-plan.js';
import { declarationOf, requireGood, toMistake } from './event-type-request.js';
import { describedType, shownEventType } from './shown-event-type.js';
import type {
  DescribedType,
  EventTypeBody,
  EventTypePlan,
  NewEventType,
  ShownEventType,
} from './event-types.schema.js';

/** How long an answer waits until the tables of the type's streams are changed: milliseconds. */
const LONGEST_WAIT_MS = 10_000;
const LOOK_MS = 25;

/** Declares the event types of a tenant, and says what a declaration would do. */
@Injectable()
export class EventTypesService {
  constructor(
    @Inject(EventTypeRegistry) private readonly types: EventTypeRegistry,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
  ) {}

  list({ tenant }: Principal): readonly ShownEventType[] {
    return this.types.list(tenant).map(shownEventType);
  }

  /** @throws Problem `event_type_not_found` */
  async find(caller: Principal, name: string): Promise<DescribedType> {
    const known = this.types.find(caller.tenant, name);
    if (!known) throw notFound(name);
    return describedType(known, await this.#streamsOf(caller, name));
  }

  /** @throws Problem `event_type_invalid`, `forbidden`; EventTypeError */
  async declare(caller: Principal, { name, ...body }: NewEventType): Promise<DescribedType> {
    requireAll(caller);
    const declaration = declarationOf(name, body);
    requireGood(declaration);
    await this.types.declare(caller.tenant, declaration, byOf(caller));
    return this.find(caller, name);
  }

  /**
   * Resolves when the tables of the type's streams are of the new version, or have been waited for long enough.
   *
   * @throws Problem `event_type_invalid`, `event_type_change_refused`, `forbidden`; EventTypeError
   */
  async change(caller: Principal, name: string, body: EventTypeBody): Promise<DescribedType> {
    requireAll(caller);
    const declaration = declarationOf(name, body);
    if (!this.types.get(caller.tenant, name)) throw notFound(name);
    requireGood(declaration);
    await this.types.change(caller.tenant, declaration, byOf(caller)).catch(explainRefusal);
    for (const end = Date.now() + LONGEST_WAIT_MS; Date.now() < end; await pause(LOOK_MS)) {
      const described = await this.find(caller, name);
      if (described.streams.every(({ version }) => version >= described.version)) return described;
    }
    return this.find(caller, name);
  }

  /** @throws Problem `forbidden`, `event_type_not_found`; EventTypeError `event_type_in_use`, `event_type_of_plugin` */
  async remove(caller: Principal, name: string): Promise<DescribedType> {
    requireAll(caller);
    const described = await this.find(caller, name);
    const usedBy = async (): Promise<string[]> =>
      (await this.#streamsOf(caller, name)).map((one) => one.name);
    await this.types.remove(caller.tenant, name, usedBy);
    return described;
  }

  /** What a declaration would do. Nothing is changed. */
  async plan(caller: Principal, { name, ...body }: NewEventType): Promise<EventTypePlan> {
    const known = this.types.find(caller.tenant, name);
    const streams = (await this.#streamsOf(caller, name)).map((stream) => stream.name);
    const declaration = declarationOf(name, body);
    const plan = planEventType(declaration, { before: known?.declaration, streams });
    if (known?.origin !== 'plugin') return plan;
    return { ...plan, ok: false, errors: [OF_PLUGIN, ...plan.errors], effects: [REFUSED], streams: [] };
  }

  async #streamsOf(caller: Principal, name: string): Promise<readonly StreamRecord[]> {
    const records = await this.streams.records(caller.tenant);
    return records.filter((stream) => stream.event_type === name && mayTouch(caller, stream.name));
  }
}

const REFUSED = 'Nothing: it would be refused.';
const OF_PLUGIN = {
  path: 'name',
  message: 'is the name of an event type that a plugin brings',
  mend: 'Choose another name, or change the plugin.',
};

function notFound(name: string): Problem {
  return new Problem('event_type_not_found', `There is no event type "${name.slice(0, 80)}".`);
}

function byOf({ keyId, keyName }: Principal): { key_id: string; key_name: string } {
  return { key_id: keyId, key_name: keyName };
}

/** A type is for all streams of the tenant. */
function requireAll(caller: Principal): void {
  if (caller.streams)
    throw new Problem('forbidden', 'The key is held to some streams, and an event type is for all.', {
      mend: 'Ask with a key that is not held to streams.',
    });
}

function explainRefusal(error: unknown): never {
  if (!(error instanceof EventTypeError) || error.problems.length === 0) throw error;
  const errors = error.problems.map(toMistake);
  throw new Problem('event_type_change_refused', 'Tables that are there can not follow; see errors.', {
    errors,
  });
}
