import { AUTO_PARSER, parserName, type ParserPlugin, type PluginManifest } from '#plugin-kit';
import { openAutoWithOutside, openOutsideParser } from '../outside/outside-line-parser.js';
import type { OutsideParser } from '../outside/outside-parser.js';
import { openAutoParser } from './auto-parser.js';
import { guardParser, type GuardedParser } from './guarded-parser.js';
import type { DirectLineParser, LineParser, OnParserFailure } from './verdict.js';

/** An outside parser, with a double of it that may be tried, loop and end without a block noticing. */
export interface OutsideParserSource {
  readonly live: OutsideParser;
  /** Makes a double, which has to be closed. */
  makeTrial(): OutsideParser;
}

/** What lines are parsed for: blocks on their way into storage, or somebody's trial. */
export type ParsePurpose = 'live' | 'trial';

/** The parsers of this process, by the names that requests ask for them with. */
export class ParserRegistry {
  readonly #plugins: ReadonlyMap<string, ParserPlugin>;
  #outside: ReadonlyMap<string, OutsideParserSource> = new Map();

  constructor(plugins: readonly ParserPlugin[]) {
    this.#plugins = byName(plugins.map((plugin) => [parserName(plugin.manifest), plugin]));
  }

  /** The outside parsers from now on. Those of built-in names don't count; what is open stays as it is. */
  setOutside(sources: readonly OutsideParserSource[]): void {
    const others = sources.filter(({ live }) => !this.#plugins.has(live.name));
    this.#outside = byName(others.map((source) => [source.live.name, source]));
  }

  /** Whether a request may ask for it: one of {@link names}. */
  has(name: string): boolean {
    return name === AUTO_PARSER || this.#plugins.has(name) || this.#outside.has(name);
  }

  /** `auto`, then the plugins' names in order. */
  names(): readonly string[] {
    return [AUTO_PARSER, ...[...this.#plugins.keys(), ...this.#outside.keys()].sort()];
  }

  /** What the plugin of a parser says of itself; undefined for `auto` and for a name that is none's. */
  find(name: string): { readonly manifest: PluginManifest } | undefined {
    return this.#plugins.get(name) ?? this.#outside.get(name)?.live;
  }

  /**
   * How sure a parser is of a line, from 0 to 1; 0 for `auto`, for a name that is none's, where the parser fails, and for an
   * outside one, whose verdicts say it.
   */
  certainty(name: string, line: Uint8Array): number {
    const plugin = this.#plugins.get(name);
    return plugin ? guardParser(plugin, () => {}).sniff(line) : 0;
  }

  /**
   * Makes what parses the lines of one block: with `auto` a line that no parser knows is an event whose message is the
   * line; with a name it is refused. Undefined where there is no such parser.
   */
  open(name: string, failed: OnParserFailure, purpose: ParsePurpose = 'live'): LineParser | undefined {
    if (name === AUTO_PARSER) return this.#openAuto(failed, purpose);
    const plugin = this.#plugins.get(name);
    if (plugin) return guardParser(plugin, failed).parse;
    const source = this.#outside.get(name);
    const question = purpose === 'live' ? 'parse' : 'try';
    return source && openOutsideParser(parserFor(source, purpose), failed, question);
  }

  #openAuto(failed: OnParserFailure, purpose: ParsePurpose): LineParser {
    const guarded = [...this.#plugins.values()].map((plugin) => guardParser(plugin, failed));
    const outside = [...this.#outside.values()].filter(({ live }) => live.suspended === undefined);
    if (outside.length === 0) return openAutoParser(guarded);
    const parsers = outside.map((source) => parserFor(source, purpose));
    return openAutoWithOutside(parsers, failed, (asked) => openAll([...guarded, ...asked]));
  }
}

function openAll(parsers: readonly GuardedParser[]): DirectLineParser {
  return openAutoParser([...parsers].sort((a, b) => (a.name < b.name ? -1 : 1)));
}

function parserFor(source: OutsideParserSource, purpose: ParsePurpose): OutsideParser {
  return purpose === 'live' ? source.live : source.makeTrial();
}

function byName<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
