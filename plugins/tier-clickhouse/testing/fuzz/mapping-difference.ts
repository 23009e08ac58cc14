import { isRefusal, type MappedEvent, type Refusal } from '#plugin-kit';
import type { EngineMapping } from './engine-mapping.js';

/** Where the engine's mapping of a line and the JavaScript one differ, in words; undefined where they are equal. */
export function mappingDifference(engine: EngineMapping, ours: MappedEvent | Refusal): string | undefined {
  const theirs = 'reason' in engine ? engine.reason : '';
  const reason = isRefusal(ours) ? ours.reason : '';
  if (theirs !== reason) return `the engine says "${theirs}", the mapper "${reason}"`;
  return 'reason' in engine || isRefusal(ours) ? undefined : eventDifference(engine.event, ours);
}

function eventDifference(theirs: MappedEvent, ours: MappedEvent): string | undefined {
  const own = (['timestamp', 'event_type', 'severity_number', 'id'] as const).find(
    (name) => theirs[name] !== ours[name],
  );
  if (own) return `${own}: the engine has ${theirs[own]}, the mapper ${ours[own]}`;
  return (
    mapDifference('field', theirs.fields, ours.fields) ??
    mapDifference('attribute', theirs.attributes, ours.attributes)
  );
}

function mapDifference(
  what: string,
  theirs: ReadonlyMap<string, unknown>,
  ours: ReadonlyMap<string, unknown>,
): string | undefined {
  const names = [...new Set([...theirs.keys(), ...ours.keys()])];
  const name = names.find((one) => !Object.is(theirs.get(one), ours.get(one)));
  if (name === undefined) return undefined;
  const show = (value: unknown): string =>
    value === undefined ? 'none' : `${typeof value} ${String(value).slice(0, 200)}`;
  return `${what} ${JSON.stringify(name)}: the engine has ${show(theirs.get(name))}, the mapper ${show(ours.get(name))}`;
}
