import type { SealedDays } from '#plugin-kit';

/** Columns of what comes in that say which days are sealed, and in which generation events of them are stored. */
export const SEALED_COLUMNS = ['_sealed_through', '_late_generation'] as const;
export const SEALED_DECLARATION = '_sealed_through UInt32, _late_generation UInt16';

/** The values of {@link SEALED_COLUMNS}, under their names. */
export function sealedValues({ through, generation }: SealedDays = { through: 0, generation: 0 }): string {
  return `toUInt32(${Math.trunc(through)}) AS _sealed_through, toUInt16(${Math.trunc(generation)}) AS _late_generation`;
}

/** The generation of an event with this time, beside {@link SEALED_COLUMNS}. */
export function generationOf(time: string): string {
  return `if(toYYYYMMDD(${time}) <= _sealed_through, _late_generation, 0)`;
}

/** The same where no such columns are beside it. */
export function generationWith(time: string, sealed: SealedDays | undefined): string {
  if (!sealed) return 'toUInt16(0)';
  const late = `toUInt16(${Math.trunc(sealed.generation)})`;
  return `if(toYYYYMMDD(${time}) <= ${Math.trunc(sealed.through)}, ${late}, 0)`;
}
