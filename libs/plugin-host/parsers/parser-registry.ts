import { AUTO_PARSER, parserName, type ParserPlugin } from '#plugin-kit';
import { openAutoParser } from './auto-parser.js';
import { guardParser, type GuardedParser } from './guarded-parser.js';
import type { LineParser, OnParserFailure } from './verdict.js';

/** The parsers of this process, by the names that requests ask for them with. */
export class ParserRegistry {
  readonly #plugins: ReadonlyMap<string, ParserPlugin>;

  constructor(plugins: readonly ParserPlugin[]) {
    const byName = plugins.map((plugin) => [parserName(plugin.manifest), plugin] as const);
    this.#plugins = new Map(byName.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Whether a request may ask for it: one of {@link names}. */
  has(name: string): boolean {
    return name === AUTO_PARSER || this.#plugins.has(name);
  }

  /** `auto`, then the plugins' names in order. */
  names(): readonly string[] {
    return [AUTO_PARSER, ...this.#plugins.keys()];
  }

  /** The plugin of a parser; undefined for `auto` and for a name that is none's. */
  find(name: string): ParserPlugin | undefined {
    return this.#plugins.get(name);
  }

  /** How sure a parser is of a line, from 0 to 1; 0 for `auto`, for a name that is none's, and where the parser fails. */
  certainty(name: string, line: Uint8Array): number {
    const plugin = this.#plugins.get(name);
    return plugin ? guardParser(plugin, () => {}).sniff(line) : 0;
  }

  /**
   * Makes what parses the lines of one block: with `auto` a line that no parser knows is an event whose message is the
   * line; with a name it is refused. Undefined where there is no such parser.
   */
  open(name: string, failed: OnParserFailure): LineParser | undefined {
    if (name === AUTO_PARSER) return openAutoParser(this.#guarded(failed));
    const plugin = this.#plugins.get(name);
    return plugin && guardParser(plugin, failed).parse;
  }

  #guarded(failed: OnParserFailure): readonly GuardedParser[] {
    return [...this.#plugins.values()].map((plugin) => guardParser(plugin, failed));
  }
}
