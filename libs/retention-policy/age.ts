/** Days that a policy may name at most: a hundred years. */
export const MAX_DAYS = 36_500;
const DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, y: 365 };
const AGE = /^(-?)(\d{1,9})([a-z]+)$/i;
const FORMS = 'Write days, weeks or years as 30d, 4w or 1y; a year has 365 days.';

export type PolicyMistakeCode =
  | 'policy_empty'
  | 'delete_not_last'
  | 'too_many_tiers'
  | 'step_unreadable'
  | 'forever_not_last'
  | 'cyclic_order'
  | 'first_tier'
  | 'gap'
  | 'overlap'
  | 'delete_after_forever'
  | 'no_end'
  | 'age_unreadable'
  | 'age_negative'
  | 'age_zero'
  | 'age_below_a_day'
  | 'age_too_long';

/** Why a policy can't be kept. `message` goes on behind "it" or the policy's name. */
export interface PolicyMistake {
  readonly code: PolicyMistakeCode;
  readonly message: string;
  readonly mend: string;
}

/** An age of whole days, such as `30d`, `4w`, `1y`. */
export function readAge(text: string): number | PolicyMistake {
  const [, minus, digits = '', unit = ''] = AGE.exec(text) ?? [];
  const what = `"${text.slice(0, 40)}"`;
  if (['s', 'm', 'h', 'min', 'ms'].includes(unit.toLowerCase()))
    return {
      ...{ code: 'age_below_a_day', message: `has the time ${what}, and a unit is a day` },
      mend: 'Write whole days, such as 1d: events leave by the day.',
    };
  const days = Number(digits) * (DAYS[unit] ?? Number.NaN);
  if (digits === '' || Number.isNaN(days))
    return { code: 'age_unreadable', message: `has the time ${what}, which is none`, mend: FORMS };
  if (minus === '-') return { code: 'age_negative', message: `has the negative time ${what}`, mend: FORMS };
  if (days === 0)
    return {
      ...{ code: 'age_zero', message: `has the time ${what}, in which nothing is kept` },
      mend: 'Write at least 1d.',
    };
  if (days > MAX_DAYS)
    return {
      ...{ code: 'age_too_long', message: `has the time ${what}, which is more than 100 years` },
      mend: `Write at most ${MAX_DAYS}d, or forever.`,
    };
  return days;
}
