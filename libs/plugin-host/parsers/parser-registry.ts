import {
  AUTO_PARSER,
  configureParser,
  neverMine,
  parserName,
  standsAlone,
  type LineGrouping,
  type ParserPlugin,
  type PluginManifest,
} from '#plugin-kit';
import { openAutoWithOutside, openOutsideParser } from '../outside/outside-line-parser.js';
import type { OutsideParser } from '../outside/outside-parser.js';
import { openAutoParser } from './auto-parser.js';
import { guardGrouping, guardParser, type GuardedParser } from './guarded-parser.js';
import { madeName, type MadeParser, type OutsideParserSource, type ParserKind } from './made-parser.js';
import type { DirectLineParser, LineParser, OnParserFailure } from './verdict.js';

/** What lines are parsed for: blocks on their way into storage, or somebody's trial. */
export type ParsePurpose = 'live' | 'trial';

/** Lines that a declared parser gets at once: its patterns may take their time. */
const DECLARED_LINES = 25;

/** The parsers of this process, by the names that requests ask for them with. */
export class ParserRegistry {
  readonly #plugins: ReadonlyMap<string, ParserPlugin>;
  #outside: ReadonlyMap<string, OutsideParserSource> = new Map();
  #declared: ReadonlyMap<string, ParserPlugin> = new Map();
  #declaredOutside: ReadonlyMap<string, OutsideParserSource> = new Map();
  /** All that runs in processes of its own: what was declared goes before what a plugin brings. */
  #hosted: ReadonlyMap<string, OutsideParserSource> = new Map();
  readonly #ownKinds: readonly ParserKind[];
  #kinds: ReadonlyMap<string, ParserKind>;

  constructor(plugins: readonly ParserPlugin[]) {
    const alone = plugins.filter(standsAlone);
    this.#plugins = byName(alone.map((plugin) => [parserName(plugin.manifest), plugin]));
    this.#ownKinds = plugins.flatMap(kindOf);
    this.#kinds = kindsByName(this.#ownKinds);
  }

  /** What declarations can be of, by name. */
  get kinds(): ReadonlyMap<string, ParserKind> {
    return this.#kinds;
  }

  /** The declared parsers from now on. Those of built-in names don't count; what is open stays as it is. */
  setDeclared(declared: readonly MadeParser[]): void {
    const others = declared.filter((made) => !this.#plugins.has(madeName(made)));
    const here = others.flatMap((made) => (made.runs === 'here' ? made.plugin : []));
    const outside = others.flatMap((made) => (made.runs === 'outside' ? made.source : []));
    this.#declared = byName(here.map((plugin) => [parserName(plugin.manifest), plugin]));
    this.#declaredOutside = byName(outside.map((source) => [source.live.name, source]));
    this.#hosted = new Map([...this.#outside, ...this.#declaredOutside]);
  }

  /**
   * Whether a plugin brings a parser of this name, it is `auto`, or an outside plugin has versions of that name: no
   * declaration may have it.
   */
  isTaken(name: string): boolean {
    const isOutside = this.#outside.has(name) || this.#kinds.get(name)?.runs === 'outside';
    return name === AUTO_PARSER || this.#plugins.has(name) || isOutside;
  }

  /** The outside parsers and kinds from now on. Those of built-in names don't count; what is open stays as it is. */
  setOutside(sources: readonly OutsideParserSource[], kinds: readonly ParserKind[] = []): void {
    const others = sources.filter(({ live }) => !this.#plugins.has(live.name));
    this.#outside = byName(others.map((source) => [source.live.name, source]));
    this.#hosted = new Map([...this.#outside, ...this.#declaredOutside]);
    this.#kinds = kindsByName([...kinds, ...this.#ownKinds]);
  }

  /** Whether requests that ask for it get a declared parser. */
  isDeclared(name: string): boolean {
    return this.#declared.has(name) || this.#declaredOutside.has(name);
  }

  /** Whether a request may ask for it: one of {@link names}. */
  has(name: string): boolean {
    return name === AUTO_PARSER || this.find(name) !== undefined;
  }

  /** `auto`, then all other names in order. */
  names(): readonly string[] {
    const names = [...this.#plugins.keys(), ...this.#declared.keys(), ...this.#hosted.keys()];
    return [AUTO_PARSER, ...[...new Set(names)].sort()];
  }

  /**
   * What the plugin of a parser says of itself, or a declaration; undefined for `auto` and for a name that is none's. What
   * was declared goes before an outside plugin that came later.
   */
  find(name: string): { readonly manifest: PluginManifest } | undefined {
    return this.#direct(name) ?? this.#hosted.get(name)?.live;
  }

  /** How lines are found that are one event to a parser; undefined where each line is one. */
  grouping(name: string): LineGrouping | undefined {
    const grouping = this.#direct(name)?.parser.grouping;
    return grouping && guardGrouping(grouping);
  }

  /**
   * How sure a parser is of a line, from 0 to 1; 0 for `auto`, for a name that is none's, where the parser fails, and for an
   * outside one, whose verdicts say it.
   */
  certainty(name: string, line: Uint8Array): number {
    const plugin = this.#direct(name);
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
    const declared = this.#declared.get(name);
    if (declared) return openDeclared(declared, failed);
    const source = this.#hosted.get(name);
    const question = purpose === 'live' ? 'parse' : 'try';
    return source && openOutsideParser(parserFor(source, purpose), failed, question);
  }

  #direct(name: string): ParserPlugin | undefined {
    return this.#plugins.get(name) ?? this.#declared.get(name);
  }

  #openAuto(failed: OnParserFailure, purpose: ParsePurpose): LineParser {
    const direct = [...this.#plugins.values(), ...this.#declared.values()];
    const asked = direct.filter(({ parser }) => parser.sniff !== neverMine);
    const guarded = asked.map((plugin) => guardParser(plugin, failed));
    const outside = [...this.#hosted.values()].filter(
      ({ live }) => live.suspended === undefined && !this.#declared.has(live.name),
    );
    if (outside.length === 0) return openAutoParser(guarded);
    const parsers = outside.map((source) => parserFor(source, purpose));
    return openAutoWithOutside(parsers, failed, (others) => openAll([...guarded, ...others]));
  }
}

function kindOf({ manifest, template }: ParserPlugin): readonly ParserKind[] {
  if (!template) return [];
  const { options } = template;
  const make: ParserKind['make'] = async (order) => {
    const parser = configureParser(template, order.options);
    return { runs: 'here', plugin: { kind: 'parser', manifest: order.manifest, parser } };
  };
  return [{ name: parserName(manifest), manifest, options, runs: 'here', make }];
}

/** Of two with one name the last counts. */
function kindsByName(kinds: readonly ParserKind[]): ReadonlyMap<string, ParserKind> {
  return byName(kinds.map((kind) => [kind.name, kind]));
}

function openDeclared(declared: ParserPlugin, failed: OnParserFailure): LineParser {
  const { parse } = guardParser(declared, failed);
  return Object.assign((...given: Parameters<DirectLineParser>) => parse(...given), {
    pieceLines: DECLARED_LINES,
  });
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
