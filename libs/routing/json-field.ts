import { readJsonLine, type JsonLine } from '#plugin-kit';

/** The value of a field as text: a string's content, of all else its JSON without spaces. */
export interface FieldText {
  readonly text: string;
}

type Member = NonNullable<JsonLine['members']>[number];

/** The fields of an object. Each object within is read once, however many names lead into it. */
export class JsonFields {
  readonly #within = new Map<Member, readonly Member[]>();

  private constructor(private readonly members: readonly Member[]) {}

  /** Undefined for what is no object: it has no fields. */
  static of(line: Uint8Array): JsonFields | undefined {
    try {
      const { members } = readJsonLine(line);
      return members && new JsonFields(members);
    } catch {
      return undefined;
    }
  }

  /**
   * The field of this very name, else that of the rest of the name inside the field of its first word, and so on. Of equal
   * keys the first counts.
   */
  at(name: string): FieldText | undefined {
    const found = this.#find(this.members, name);
    return found?.kind === 'null' ? undefined : found;
  }

  #find(members: readonly Member[], name: string): Member | undefined {
    const own = members.find(({ key }) => key === name);
    if (own) return own;
    const dot = name.indexOf('.');
    if (dot < 1) return undefined;
    const first = name.slice(0, dot);
    const outer = members.find(({ key }) => key === first);
    return outer?.kind === 'object' ? this.#find(this.#membersOf(outer), name.slice(dot + 1)) : undefined;
  }

  /** The text of an object's value is its JSON. */
  #membersOf(outer: Member): readonly Member[] {
    const known = this.#within.get(outer);
    if (known) return known;
    const members = readJsonLine(Buffer.from(outer.text)).members ?? [];
    this.#within.set(outer, members);
    return members;
  }
}
