import { readJsonLine, type JsonLine } from '#plugin-kit';

/** The value of a field as text: a string's content, of all else its JSON without spaces. */
export interface FieldText {
  readonly text: string;
}

type Member = NonNullable<JsonLine['members']>[number];

/**
 * The field of an object: one of this very name, else that of the rest of the name inside the field of its first word, and so
 * on. Of equal keys the first counts. Each dot costs one pass over the line at most.
 */
export function memberAt({ members }: JsonLine, name: string): FieldText | undefined {
  const found = members && find(members, name);
  return found?.kind === 'null' ? undefined : found;
}

function find(members: readonly Member[], name: string): Member | undefined {
  const own = members.find(({ key }) => key === name);
  if (own) return own;
  const dot = name.indexOf('.');
  if (dot < 1) return undefined;
  const first = name.slice(0, dot);
  const outer = members.find(({ key }) => key === first);
  return outer?.kind === 'object' ? find(membersOf(outer), name.slice(dot + 1)) : undefined;
}

/** The text of an object's value is its JSON. */
function membersOf({ text }: Member): readonly Member[] {
  return readJsonLine(Buffer.from(text)).members ?? [];
}
