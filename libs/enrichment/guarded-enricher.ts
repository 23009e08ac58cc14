import type { HostedEnricher, TakenOut } from '#plugin-host';
import { isEnrichedField, type EnrichedFields, type JsonValue } from '#plugin-kit';

/** A field as it is written into an event. */
export interface FoundField {
  readonly name: string;
  readonly value: JsonValue;
  /** The value as JSON. */
  readonly json: string;
}

/** What is known of a value. */
export type LookUp =
  | { readonly kind: 'found'; readonly fields: readonly FoundField[] }
  | { readonly kind: 'missed' }
  /** The enricher failed, or rests. */
  | { readonly kind: 'failed' };

const MISSED: LookUp = { kind: 'missed' };
const FAILED: LookUp = { kind: 'failed' };

/** Characters of a value that is looked up: no key of a table and no address is longer. */
const LONGEST_VALUE = 1_024;
/** Values that are asked for at once. */
const MOST_ASKED = 500;
/** Values whose answers are kept, and characters of both: one answer may have a hundred long texts. */
const MOST_KEPT = 10_000;
const MOST_KEPT_CHARACTERS = 16 * 1024 * 1024;
/** Milliseconds that so many may take. */
const SLOW_MS = 250;
/** Calls in a row that fail or are slow before it rests, and for how long: milliseconds. */
const STRIKES = 3;
const REST_MS = 60_000;
const MOST_FIELDS = 100;
const LONGEST_TEXT = 8_192;
const HALF_PAIR = /\p{Surrogate}/u;

export interface GuardOptions {
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Told of each call that failed or was slow. */
  readonly failed: (error: unknown) => void;
}

/** An enricher that can't do harm: what it throws and what breaks its contract is a look-up that failed; where that goes on, it rests. */
export class GuardedEnricher {
  readonly #kept = new Map<string, LookUp>();
  #keptCharacters = 0;
  #strikes = 0;
  #restsUntil = 0;

  constructor(
    private readonly enricher: HostedEnricher,
    private readonly options: GuardOptions,
  ) {}

  /** Since when it is out of work, and why; undefined while it works. */
  get takenOut(): TakenOut | undefined {
    return this.enricher.takenOut;
  }

  /** What is known of each value. Never rejects. */
  async lookUp(values: readonly string[]): Promise<readonly LookUp[]> {
    const fresh = [...new Set(values)].filter(
      (value) => value.length <= LONGEST_VALUE && !this.#kept.has(value),
    );
    const asked = new Map<string, LookUp>();
    for (let from = 0; from < fresh.length; from += MOST_ASKED) {
      const some = fresh.slice(from, from + MOST_ASKED);
      const answers = await this.#ask(some);
      some.forEach((value, at) => asked.set(value, answers?.[at] ?? FAILED));
    }
    const answers = values.map((value) => this.#kept.get(value) ?? asked.get(value) ?? MISSED);
    this.#keep(asked);
    return answers;
  }

  /** Closes the enricher. */
  close(): void {
    this.#forget();
    try {
      this.enricher.close();
    } catch (error) {
      this.options.failed(error);
    }
  }

  #keep(asked: ReadonlyMap<string, LookUp>): void {
    if (this.#kept.size + asked.size > MOST_KEPT) this.#forget();
    for (const [value, answer] of asked) {
      if (answer.kind === 'failed') continue;
      this.#keptCharacters += charactersOf(value, answer);
      if (this.#keptCharacters > MOST_KEPT_CHARACTERS) return this.#forget();
      this.#kept.set(value, answer);
    }
  }

  #forget(): void {
    this.#kept.clear();
    this.#keptCharacters = 0;
  }

  /** Undefined where it failed, or rests. */
  async #ask(values: readonly string[]): Promise<readonly LookUp[] | undefined> {
    const started = this.options.now();
    if (started < this.#restsUntil) return undefined;
    try {
      const asked = this.enricher.enrich(values);
      // One from outside is given its time by its process, and waits there behind others.
      const ms = asked instanceof Promise ? 0 : this.options.now() - started;
      const answers = await asked;
      if (answers === undefined) return undefined;
      if (!Array.isArray(answers) || answers.length !== values.length)
        throw new TypeError(
          `it answered ${Array.isArray(answers) ? answers.length : 'no'} values for ${values.length}`,
        );
      const found = answers.map(toLookUp);
      if (ms > SLOW_MS) this.#strike(new Error(`it took ${Math.round(ms)} ms for ${values.length} values`));
      else this.#strikes = 0;
      return found;
    } catch (error) {
      this.#strike(error);
      return undefined;
    }
  }

  #strike(error: unknown): void {
    this.options.failed(error);
    this.#strikes += 1;
    if (this.#strikes < STRIKES) return;
    this.#strikes = 0;
    this.#restsUntil = this.options.now() + REST_MS;
  }
}

function charactersOf(value: string, answer: LookUp): number {
  const fields = answer.kind === 'found' ? answer.fields : [];
  return fields.reduce((sum, { name, json }) => sum + name.length + json.length, value.length);
}

function toLookUp(answer: EnrichedFields | undefined): LookUp {
  if (answer === undefined) return MISSED;
  if (typeof answer !== 'object' || answer === null) throw new TypeError('an answer is no object of fields');
  const fields = Object.entries(answer).map(([name, value]) => toField(name, value));
  if (fields.length > MOST_FIELDS)
    throw new TypeError(`an answer has ${fields.length} fields; ${MOST_FIELDS} are the most`);
  return fields.length === 0 ? MISSED : { kind: 'found', fields };
}

function toField(name: string, value: unknown): FoundField {
  if (!isEnrichedField(name)) throw new TypeError(`a field may not be named ${JSON.stringify(name)}`);
  const json = JSON.stringify(value);
  if (typeof value === 'boolean') return { name, value: { kind: 'bool', text: json, start: 0 }, json };
  if (typeof value === 'number' && Number.isFinite(value))
    return { name, value: { kind: 'number', text: json, start: 0 }, json };
  if (typeof value !== 'string' || value.length > LONGEST_TEXT || HALF_PAIR.test(value))
    throw new TypeError(`the field ${name} has a value that no event may have`);
  return { name, value: { kind: 'string', text: value, start: 0 }, json };
}
