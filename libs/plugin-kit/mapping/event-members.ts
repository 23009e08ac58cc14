import type { EventTypeDeclaration } from '#event-model';
import { MAX_ATTRIBUTES } from './event-limits.js';
import { isUnfitting, takesValue } from './field-value.js';
import { inputPlanOf, type InputPlan } from './input-plan.js';
import { readJsonLine } from './json-line.js';
import { JsonScanner } from './json-scanner.js';
import { JsonFault, type JsonMember, type JsonValue } from './json-value.js';
import { readEvent, type ReadEvent } from './read-event.js';

/** Why a field isn't added to an event: it is there, it wouldn't fit its type, or the event has all the fields it may have. */
export type AddedFieldProblem = 'there' | 'unfit' | 'full';

/** An event's own values by the names of fields, as its type reads them. */
export class EventMembers {
  readonly #plan: InputPlan;
  readonly #text: string;
  readonly #event: ReadEvent;
  readonly #added = new Map<string, JsonValue>();
  #keys: ReadonlySet<string> | undefined;
  #objects: readonly JsonMember[] | undefined;

  private constructor(plan: InputPlan, text: string, event: ReadEvent) {
    this.#plan = plan;
    this.#text = text;
    this.#event = event;
  }

  /** Undefined where the line is no event: no JSON object in UTF-8. @param line without its end */
  static read(eventType: EventTypeDeclaration, line: Uint8Array): EventMembers | undefined {
    const plan = inputPlanOf(eventType);
    try {
      const json = readJsonLine(line);
      return json.members && new EventMembers(plan, json.text, readEvent(plan, json));
    } catch (error) {
      if (error instanceof JsonFault) return undefined;
      throw error;
    }
  }

  /** The keys that a field of this name may come with, in any place of the event. */
  static keysOf(eventType: EventTypeDeclaration, name: string): readonly string[] {
    const { keys } = inputPlanOf(eventType);
    const slot = keys.get(name)?.slot;
    const same = [...keys].filter(([, meaning]) => meaning.slot === slot).map(([key]) => key);
    return [name, ...same].map((key) => key.slice(key.lastIndexOf('.') + 1));
  }

  /**
   * The text of a field that is a string, number or truth: numbers with all their digits. A name of the type's field means
   * that field, whatever key it came with; `a.b` is the key `a.b`, else `b` inside `a`. Undefined where there is none.
   */
  text(name: string): string | undefined {
    const found = this.#added.get(name) ?? this.#field(name) ?? this.#path(this.#event.free, name);
    const isScalar = found?.kind === 'string' || found?.kind === 'number' || found?.kind === 'bool';
    return isScalar ? found.text : undefined;
  }

  /** What keeps a field from being added behind the event's own; undefined where nothing does. */
  problemOf(name: string, value: JsonValue): AddedFieldProblem | undefined {
    const field = this.#plan.keys.get(name)?.field;
    if (this.#has(name)) return 'there';
    if (field && (!takesValue(field.type, value) || isUnfitting(field, value.text))) return 'unfit';
    return this.#event.free.length + this.#added.size >= MAX_ATTRIBUTES ? 'full' : undefined;
  }

  /** Takes note of a field that was added, so that later ones may be found by it. */
  add(name: string, value: JsonValue): void {
    this.#added.set(name, value);
  }

  #has(name: string): boolean {
    const { declared, free } = this.#event;
    this.#keys ??= new Set([...declared, ...free].map(({ key }) => key));
    this.#objects ??= free.filter(({ kind }) => kind === 'object');
    const isOwn = this.#keys.has(name) || this.#added.has(name) || this.#field(name) !== undefined;
    return isOwn || (this.#objects.length > 0 && this.#path(this.#objects, name) !== undefined);
  }

  #field(name: string): JsonMember | undefined {
    const meaning = this.#plan.keys.get(name);
    return meaning && this.#event.values[meaning.slot];
  }

  /** The value that a path leads to: a key with dots wins over one inside another. */
  #path(members: readonly JsonMember[], path: string): JsonMember | undefined {
    const own = members.find(({ key }) => key === path);
    if (own) return own;
    for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
      const head = members.find(({ key, kind }) => kind === 'object' && key === path.slice(0, dot));
      const found =
        head && this.#path(new JsonScanner(this.#text, head.start).members(), path.slice(dot + 1));
      if (found) return found;
    }
    return undefined;
  }
}
