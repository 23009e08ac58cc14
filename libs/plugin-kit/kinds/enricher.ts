import { AlluviumError, TIMESTAMP_KEYS } from '#event-model';
import type { z } from 'zod';
import type { PluginManifest } from '../manifest.js';
import type { PluginProblem } from '../plugin-problem.js';

/** What is known of a value, by field. Names are flat and may have dots; numbers are finite. */
export type EnrichedFields = Readonly<Record<string, string | number | boolean>>;

/** All that an enricher gets from the host. */
export interface EnricherContext<Options> {
  readonly options: Options;
  /**
   * Reads a file whole. Its name is that of an option, without a folder: the host knows where such files lie. When the file
   * changes, the host opens a new object in place of this one.
   *
   * @param most bytes that it may have
   * @throws EnricherDataError where it isn't there, can't be read or is larger
   */
  readFile(name: string, most: number): Promise<Uint8Array>;
}

/** What was opened, for people. */
export interface EnricherData {
  /** A few words: what the data is. */
  readonly title: string;
  /** How many values it knows, where it can tell. */
  readonly entries?: number;
  /** When it was made, where it says so: RFC 3339. */
  readonly built_at?: string;
}

/**
 * Knows more about values, such as where an address is. It stands for one version of its data: what changes is opened as a
 * new object, which takes the place of this one while events pass.
 *
 * Lifecycle: `create` does nothing that must be undone; `open` is called once and resolves when it can answer, or rejects
 * and holds nothing; `close` gives everything back, is idempotent, and legal before `open`.
 */
export interface Enricher {
  /** @throws EnricherDataError with every mistake of the data and of the options that name parts of it */
  open(): Promise<EnricherData>;
  /**
   * Answers for each value, in order, with what is to be added to its event; undefined where nothing is known. Pure: the
   * same values give the same answers as long as it is open. Takes any text: a string as it stands in the event, a number
   * or truth as its JSON. What is thrown leaves the events as they came, and is counted.
   */
  enrich(values: readonly string[]): readonly (EnrichedFields | undefined)[];
  close(): void;
}

/** What an enricher plugin brings. Make it with {@link defineEnricher}. */
export interface EnricherDeclaration {
  /** What its options hold; documented by `describe`, defaults filled in. */
  readonly options: z.ZodType;
  /** `context.options` is checked by `options` first. @throws ZodError */
  create(context: EnricherContext<unknown>): Enricher;
}

/** An enricher from the schema of its options and what makes it of checked ones. */
export function defineEnricher<S extends z.ZodType>(
  options: S,
  create: (context: EnricherContext<z.output<S>>) => Enricher,
): EnricherDeclaration {
  return {
    options,
    create: (context) => create({ ...context, options: options.parse(context.options) }),
  };
}

/** Something that is wrong with an enricher's data, or with an option that names a part of it. */
export interface EnricherMistake {
  /** Path of the option: `file`, `fields.owner`. */
  readonly option: string;
  readonly what: string;
  /** What its admin has to do. */
  readonly mend: string;
}

/** Data that can't be used. Code `enricher_data_invalid`; holds nothing of what is in the data. */
export class EnricherDataError extends AlluviumError {
  constructor(
    readonly mistakes: readonly [EnricherMistake, ...EnricherMistake[]],
    cause?: unknown,
  ) {
    const message = mistakes.map(({ what }) => what).join(' ');
    super(message, { code: 'enricher_data_invalid', retryable: true, cause });
  }
}

/** Letters, digits and `. _ @ -`, a letter, `_` or `@` first. */
const FIELD_NAME = /^[A-Za-z_@][A-Za-z0-9_.@-]{0,127}$/;

/** What an event is known and placed by, and what the server itself says of it. */
const NOT_FOR_ENRICHERS: ReadonlySet<string> = new Set([
  ...TIMESTAMP_KEYS,
  ...['id', 'event_type', 'attributes', 'parser', 'parse_status', '__proto__'],
]);

/** What the name of an added field must look like, in words for an error message. */
export const ENRICHED_FIELD_RULE =
  '1 to 128 letters, digits and . _ @ -, not a digit first, and none of id, event_type, parser, parse_status, attributes and the names of the time';

/** Whether a field of this name may be added to events. */
export function isEnrichedField(name: string): boolean {
  return FIELD_NAME.test(name) && !NOT_FOR_ENRICHERS.has(name);
}

/** The name by which admins ask for an enricher: that of its plugin, without the kind. */
export function enricherName(manifest: Pick<PluginManifest, 'name'>): string {
  return manifest.name.replace(/^enricher-/, '');
}

/** What keeps an enricher plugin from being loaded; empty where nothing does. */
export function enricherProblems(enricher: unknown): readonly PluginProblem[] {
  const parts =
    typeof enricher === 'object' && enricher !== null ? (enricher as Record<string, unknown>) : {};
  const problems: PluginProblem[] = [];
  const options = parts['options'] as { readonly safeParse?: unknown } | undefined;
  if (typeof options?.safeParse !== 'function')
    problems.push({ what: 'enricher.options is no schema', mend: 'give a zod schema to defineEnricher' });
  if (typeof parts['create'] !== 'function')
    problems.push({ what: 'enricher.create is no function', mend: 'make the enricher with defineEnricher' });
  return problems;
}
