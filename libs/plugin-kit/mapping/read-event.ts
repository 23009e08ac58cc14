import type { InputPlan } from './input-plan.js';
import { isUnfitting } from './field-value.js';
import type { JsonLine } from './json-line.js';
import { JsonScanner } from './json-scanner.js';
import type { JsonMember } from './json-value.js';

/** An event taken apart: what stands for which field, and what for none. */
export interface ReadEvent {
  /** For each field of the plan, and last the time, the member that stands for it; null ones are none. */
  readonly values: readonly (JsonMember | undefined)[];
  /** Members of a key that means a field, the first of equal ones. */
  readonly declared: readonly JsonMember[];
  /** Attributes in order; of equal keys the first counts. */
  readonly free: readonly JsonMember[];
}

/** Sorts the members of an event by what they mean. */
export function readEvent(plan: InputPlan, line: JsonLine): ReadEvent {
  const members = firstOfEach(line.members ?? []);
  const values = new Array<JsonMember | undefined>(plan.fields.length + 1).fill(undefined);
  const declared: JsonMember[] = [];
  for (const member of members) {
    const meaning = plan.keys.get(member.key);
    if (meaning === undefined) continue;
    declared.push(member);
    const other = values[meaning.slot];
    const isBetter = other === undefined || meaning.rank < (plan.keys.get(other.key)?.rank ?? 0);
    if (member.kind !== 'null' && isBetter) values[meaning.slot] = member;
  }
  return { values, declared, free: freeOf(plan, line.text, { members, values }) };
}

interface Sorted {
  readonly members: readonly JsonMember[];
  readonly values: readonly (JsonMember | undefined)[];
}

/**
 * What stands in no column: keys of no field, those of a field that another key stands for, nulls, ids in another form than
 * their column's. An `attributes` object gives its members, after the event's own.
 */
function freeOf(plan: InputPlan, text: string, { members, values }: Sorted): readonly JsonMember[] {
  const free: JsonMember[] = [];
  const nested: JsonMember[] = [];
  for (const member of members) {
    const meaning = plan.keys.get(member.key);
    if (meaning !== undefined && values[meaning.slot] === member) {
      if (meaning.field !== undefined && isUnfitting(meaning.field, member.text)) free.push(member);
    } else if (isNested(member, text)) nested.push(...new JsonScanner(text, member.start).members());
    else free.push(member);
  }
  return nested.length === 0 ? free : free.concat(nested);
}

/** Under a key that is spelt with escapes it is an attribute like others, to the engine too. */
function isNested({ key, kind, text: value }: JsonMember, text: string): boolean {
  return key === 'attributes' && kind === 'object' && value !== '{}' && text.includes('"attributes"');
}

function firstOfEach(members: readonly JsonMember[]): readonly JsonMember[] {
  const seen = new Set(members.map(({ key }) => key));
  if (seen.size === members.length) return members;
  return members.filter(({ key }) => seen.delete(key));
}
