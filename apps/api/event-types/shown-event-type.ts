import { BUILT_IN_FIELDS, type FieldDeclaration } from '#event-model';
import { eventTypeJsonSchema } from '#plugin-kit';
import type { KnownEventType, StreamRecord } from '#storage-tier';
import type { DescribedType, ShownEventType } from './event-types.schema.js';

/** A type as the list shows it. */
export function shownEventType({ declaration, origin }: KnownEventType): ShownEventType {
  const { name, title, description, version = 1 } = declaration;
  return { name, title, description, version, origin, schema: { ...eventTypeJsonSchema(declaration) } };
}

/** A type with all that is known of it. */
export function describedType(known: KnownEventType, streams: readonly StreamRecord[]): DescribedType {
  const { fields, sortBy, rollUps, example } = known.declaration;
  return {
    ...shownEventType(known),
    fields: [...BUILT_IN_FIELDS, ...fields].map(shownField),
    sort_by: [...sortBy],
    roll_ups: rollUps.map(({ name, by, unique }) => ({
      name,
      by: [...by],
      ...(unique && { unique: [...unique] }),
    })),
    example: { ...example },
    versions: known.versions.map(({ declaration, changed_at, changed_by }) => ({
      version: declaration.version ?? 1,
      changed_at,
      ...(changed_by && { changed_by: { ...changed_by } }),
    })),
    streams: streams.map(({ name, event_type_version: version = 1 }) => ({ name, version })),
  };
}

function shownField(field: FieldDeclaration): DescribedType['fields'][number] {
  const { name, type, aliases = [], required = false, indexed = false, description, since = 1 } = field;
  return { name, type, aliases: [...aliases], required, indexed, description, since };
}
