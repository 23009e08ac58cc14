import type { FieldReport, StreamSpec } from '#plugin-kit';
import { fieldsOf } from '../schema/columns.js';

/** A field that is known before any event is looked at. */
export type KnownField = Pick<FieldReport, 'name' | 'types' | 'declaredIn'>;

/** Fields that every event has, besides its time. */
const OF_EVERY_EVENT = ['event_type', 'source'] as const;

/** Every field that a stream of these declares, built-in ones first; a type is named once. */
export function fieldsIn(streams: readonly StreamSpec[]): readonly KnownField[] {
  const known = new Map<string, { types: Set<string>; declaredIn: string[] }>();
  const add = (name: string, type: string, stream: StreamSpec): void => {
    const field = known.get(name) ?? { types: new Set(), declaredIn: [] };
    known.set(name, field);
    field.types.add(type);
    field.declaredIn.push(stream.name);
  };
  for (const stream of streams) {
    for (const { name, type } of fieldsOf(stream.eventType)) add(name, type, stream);
    for (const name of OF_EVERY_EVENT) add(name, 'keyword', stream);
  }
  return [...known].map(([name, { types, declaredIn }]) => ({ name, types: [...types].sort(), declaredIn }));
}
