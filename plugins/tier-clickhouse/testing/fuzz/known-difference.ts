import { TIMESTAMP_KEYS, type EventTypeDeclaration, type FieldDeclaration } from '#event-model';
import { isRefusal, type MappedEvent, type Refusal } from '#plugin-kit';
import { inputFieldsOf } from '../../schema/input-keys.js';
import type { EngineMapping } from './engine-mapping.js';
import { readLine, type ReadLine } from './reference-json.js';

/** A way in which the mappers differ, as `mapEvent` lists them. */
export type Difference = 'time' | 'repeated' | 'nulled' | 'infinite' | 'spaced' | 'quoted' | 'deep';

const OPEN_OBJECT = 0x7b;

interface Mappings {
  readonly theirs: EngineMapping;
  readonly ours: MappedEvent | Refusal;
}

/** Why the mappers may make different things of a line; undefined where they may not. */
export function knownDifference(
  eventType: EventTypeDeclaration,
  line: Uint8Array,
  { theirs, ours }: Mappings,
): Difference | undefined {
  const entries = readLine(line)?.entries ?? [];
  if (isRepeated(eventType, entries)) return 'repeated';
  if (entries.some(([key]) => key.includes('"'))) return 'quoted';
  if (!isRefusal(ours)) return isNullTime(entries) ? 'nulled' : undefined;
  const isBadTime = 'reason' in theirs && theirs.reason === 'bad:timestamp';
  if (ours.reason === 'bad:timestamp') return isBadTime ? undefined : 'time';
  if (ours.reason === 'limit:depth')
    return line.filter((byte) => byte === OPEN_OBJECT).length === 1 ? 'deep' : undefined;
  const field = inputFieldsOf(eventType).find((one) => one.field.name === ours.field);
  if (ours.reason !== `type:${field?.field.name}` || field === undefined) return undefined;
  if (field.field.type === 'float64' && entries.some((entry) => isInfinite(entry, field.keys)))
    return 'infinite';
  return isUnread(field.field) && /"\s+:/.test(Buffer.from(line).toString()) ? 'spaced' : undefined;
}

function isRepeated(eventType: EventTypeDeclaration, entries: ReadLine['entries']): boolean {
  const declared = inputFieldsOf(eventType).flatMap(({ keys }) => keys);
  const meaning = new Set([...declared, ...TIMESTAMP_KEYS, 'attributes']);
  const keys = entries.map(([key]) => key).filter((key) => meaning.has(key));
  return new Set(keys).size < keys.length;
}

function isNullTime(entries: ReadLine['entries']): boolean {
  return entries.some(([key, value]) => key === 'timestamp' && value === null);
}

function isInfinite([key, value]: readonly [string, unknown], keys: readonly string[]): boolean {
  return keys.includes(key) && typeof value === 'string' && Math.abs(Number(value)) === Infinity;
}

/** Whether a value of another type looks absent to the engine's first look. */
function isUnread({ type }: FieldDeclaration): boolean {
  return type === 'float64' || type === 'bool';
}
