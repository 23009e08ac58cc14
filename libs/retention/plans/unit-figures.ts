import { formatTimestamp } from '#event-model';
import type { StreamUnit } from './choose-units.js';
import type { UnitFigures } from './retention-plan.js';

type Measured = Pick<StreamUnit, 'events' | 'bytes' | 'oldest' | 'newest'>;

/** What these units are together. */
export function figuresOf(units: readonly Measured[]): UnitFigures {
  const sum = (of: 'events' | 'bytes'): number => units.reduce((total, unit) => total + unit[of], 0);
  const oldest = units.reduce<bigint | undefined>(
    (least, unit) => (least !== undefined && least < unit.oldest ? least : unit.oldest),
    undefined,
  );
  const newest = units.reduce<bigint | undefined>(
    (most, unit) => (most !== undefined && most > unit.newest ? most : unit.newest),
    undefined,
  );
  return {
    ...{ units: units.length, events: sum('events'), bytes: sum('bytes') },
    oldest: oldest === undefined ? null : formatTimestamp(oldest),
    newest: newest === undefined ? null : formatTimestamp(newest),
  };
}
