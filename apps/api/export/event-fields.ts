import { isObject, jsonMembers, type JsonMembers } from './json-members.js';

/** An event's line as the API shows it, of which fields are wanted. */
export class EventFields {
  readonly #members: JsonMembers;
  #attributes: JsonMembers | undefined;

  /** @param line the event's JSON text */
  constructor(line: string) {
    this.#members = jsonMembers(line);
  }

  /** The JSON text of what stands at the event's top; undefined where nothing does. */
  top(name: string): string | undefined {
    return this.#members.get(name);
  }

  /** The JSON text of a field: at the top, or an attribute, or inside one (`a.b`), in this order; undefined where it has none. */
  find(name: string): string | undefined {
    return this.top(name) ?? this.#attribute(name);
  }

  #attribute(name: string): string | undefined {
    this.#attributes ??= membersOf(this.top('attributes'));
    const path = name.split('.');
    if (this.#attributes.has(name) || path.length === 1) return this.#attributes.get(name);
    // `attributes.a` names the attribute where a declared field has its name.
    const [first, ...rest] = path;
    return first === 'attributes' ? this.#attribute(rest.join('.')) : inside(this.#attributes, path);
  }
}

/** The JSON text of an event that has only these fields. */
export function pickFields(event: EventFields, names: readonly string[]): string {
  const members = names.flatMap((name) => {
    const value = event.find(name);
    return value === undefined ? [] : [`${JSON.stringify(name)}:${value}`];
  });
  return `{${members.join(',')}}`;
}

function inside(members: JsonMembers, [first = '', ...rest]: readonly string[]): string | undefined {
  const found = members.get(first);
  return rest.length === 0 ? found : inside(membersOf(found), rest);
}

function membersOf(json: string | undefined): JsonMembers {
  return isObject(json) ? jsonMembers(json) : new Map();
}
