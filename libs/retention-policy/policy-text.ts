import { readAge, type PolicyMistake } from './age.js';

/** Most tiers that one policy may name. */
const MAX_TIERS = 8;
const ARROW = /->|→/;
const STEP = /^([a-z0-9][a-z0-9_-]{0,62})(?: +from +(\S+))?(?: +for)? +(\S+)$/;
const END = 'delete';
const FOREVER = 'forever';
/** The tier that events are stored in first. */
export const FIRST_TIER = 'search';
/** The tier of archives. */
export const ARCHIVE_TIER = 'archive';

/** How long a unit, a day of a stream, stays in one tier: by its age in days, counted from the end of the day. */
export interface TierStay {
  readonly tier: string;
  /** Age at which it comes there. */
  readonly from_days: number;
  /** Age at which it leaves; null: never. */
  readonly until_days: number | null;
}

/** The one behind `search`: that of archives, or a tier from outside. Undefined where none keeps a unit then. */
export function stayBehindSearch(stays: readonly TierStay[] = []): TierStay | undefined {
  return stays.find(({ tier }) => tier !== FIRST_TIER);
}

export type PolicyReading =
  | { readonly stays: readonly TierStay[]; readonly mistake?: undefined }
  | { readonly stays?: undefined; readonly mistake: PolicyMistake };

/**
 * Reads what a policy keeps: tiers in their order, each with how long a unit stays there, and `delete` at the end, as in
 * `search 30d -> delete`. A tier follows the one before it, or begins earlier with `from`: `search 30d -> archive from 1d
 * forever`. `forever` alone means `search forever`.
 */
export function readPolicy(text: string): PolicyReading {
  const steps = (text.trim() === FOREVER ? `${FIRST_TIER} ${FOREVER}` : text).split(ARROW);
  const words = steps.map((step) => step.trim());
  const deletes = words.at(-1) === END;
  const mistake = ofShape(words, deletes);
  if (mistake) return { mistake };
  const stays: TierStay[] = [];
  for (const step of deletes ? words.slice(0, -1) : words) {
    const stay = readStay(step, stays.at(-1));
    if ('code' in stay) return { mistake: stay };
    stays.push(stay);
  }
  const wrong = ofOrder(stays) ?? ofEnd(stays.at(-1)?.until_days === null, deletes);
  return wrong ? { mistake: wrong } : { stays };
}

/** The same text for the same policy, however it was written. */
export function printPolicy(stays: readonly TierStay[]): string {
  const steps = stays.map(({ tier, from_days: from, until_days: until }, at) => {
    const follows = from === (stays[at - 1]?.until_days ?? 0);
    return `${tier}${follows ? '' : ` from ${from}d`} ${until === null ? FOREVER : `${until - from}d`}`;
  });
  return [...steps, ...(stays.at(-1)?.until_days === null ? [] : [END])].join(' -> ');
}

function ofShape(words: readonly string[], deletes: boolean): PolicyMistake | undefined {
  const tiers = deletes ? words.slice(0, -1) : words;
  if (tiers.every((word) => word === ''))
    return wrong('policy_empty', 'names no tier', 'Begin with the tier search, as in search 30d -> delete.');
  if (tiers.includes(END))
    return wrong('delete_not_last', 'goes on behind delete', 'Leave out what stands behind delete.');
  if (tiers.length > MAX_TIERS)
    return wrong('too_many_tiers', `names ${tiers.length} tiers`, `Name at most ${MAX_TIERS}.`);
  return undefined;
}

/** @param before the tier in front of it, where there is one */
function readStay(step: string, before: TierStay | undefined): TierStay | PolicyMistake {
  const [, tier, fromText, forText] = STEP.exec(step) ?? [];
  if (tier === undefined || forText === undefined)
    return wrong(
      'step_unreadable',
      `has the step "${step.slice(0, 80)}", which is no tier with a time`,
      'Write each step as a tier and how long, such as search 30d or archive from 1d forever.',
    );
  if (before?.until_days === null && fromText === undefined)
    return wrong(
      'forever_not_last',
      `goes on with ${tier} behind a tier that keeps forever`,
      `Give ${before.tier} a time, or begin ${tier} earlier and let it be the one that keeps forever.`,
    );
  const from = fromText === undefined ? (before?.until_days ?? 0) : readAge(fromText);
  if (typeof from !== 'number') return from;
  const length = forText === FOREVER ? null : readAge(forText);
  if (length !== null && typeof length !== 'number') return length;
  return { tier, from_days: from, until_days: length === null ? null : from + length };
}

function ofOrder(stays: readonly TierStay[]): PolicyMistake | undefined {
  const names = stays.map(({ tier }) => tier);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined)
    return wrong(
      'cyclic_order',
      `comes to the tier ${twice} twice`,
      'Name each tier once: no unit goes back.',
    );
  const first = stays[0];
  if (first?.tier !== FIRST_TIER || first.from_days !== 0)
    return wrong(
      'first_tier',
      `does not begin with ${FIRST_TIER} from the first day`,
      `Begin with ${FIRST_TIER} and without from: events are stored there first.`,
    );
  return stays.map((stay, at) => ofPair(stays[at - 1], stay)).find((found) => found !== undefined);
}

function ofPair(before: TierStay | undefined, stay: TierStay): PolicyMistake | undefined {
  if (!before) return undefined;
  const end = before.until_days ?? Infinity;
  if (stay.from_days > end)
    return wrong(
      'gap',
      `keeps a unit in no tier from ${end} to ${stay.from_days} days`,
      `Let ${stay.tier} begin at ${end}d or earlier.`,
    );
  if (stay.from_days < before.from_days)
    return wrong(
      'cyclic_order',
      `begins ${stay.tier} before ${before.tier}, which stands in front of it`,
      'Write the tiers in the order in which a unit comes to them.',
    );
  if ((stay.until_days ?? Infinity) < end)
    return wrong(
      'overlap',
      `overlaps: ${stay.tier} ends at ${stay.until_days} days, before ${before.tier} does at ${end}`,
      `Let ${stay.tier} keep longer than ${before.tier}, or leave it out.`,
    );
  return undefined;
}

function ofEnd(keepsForever: boolean, deletes: boolean): PolicyMistake | undefined {
  if (keepsForever && deletes)
    return wrong('delete_after_forever', 'deletes what it keeps forever', 'Leave out forever, or delete.');
  if (!keepsForever && !deletes)
    return wrong('no_end', 'does not say what comes at the end', 'Let it end in -> delete, or in forever.');
  return undefined;
}

function wrong(code: PolicyMistake['code'], message: string, mend: string): PolicyMistake {
  return { code, message, mend };
}
