import { manifestOptions, parserName } from '#plugin-kit';
import type { OutsideParserSource, ParserKind, ParserOrder } from '../parsers/made-parser.js';
import { OutsideParser } from './outside-parser.js';
import type { PluginProcess } from './plugin-process.js';
import { NO_WATCH, type LivePlugin, type PluginWatch } from './plugin-watch.js';
import type { StagedPlugin } from './stage.js';

export interface OutsideParsersParts {
  readonly staged: StagedPlugin;
  readonly watch: PluginWatch;
  /** Starts a process with the plugin's own parser, or with one that it makes. */
  readonly start: (order: ParserOrder | undefined) => Promise<PluginProcess>;
  readonly removeCopy: () => Promise<void>;
}

/**
 * The parsers of one version of an outside plugin, each in a process of its own: the plugin's, and those that it makes of
 * options that admins declare.
 */
export class OutsideParsers implements LivePlugin {
  readonly #parsers = new Set<OutsideParser>();
  #own: OutsideParser | undefined;
  #restartsBefore = 0;
  #retired = false;

  constructor(private readonly parts: OutsideParsersParts) {}

  /** The plugin's own. @param process runs it already */
  own(process: PluginProcess): OutsideParserSource {
    this.#own = this.#add(undefined, process);
    return this.#sourceOf(this.#own, undefined);
  }

  /** The plugin as what parsers are made of, whose options are what its manifest says. */
  kind(): ParserKind {
    const { manifest } = this.parts.staged;
    return {
      name: parserName(manifest),
      manifest,
      options: manifestOptions(manifest),
      runs: 'outside',
      make: async (order) => {
        const made = this.#add(order, await this.parts.start(order));
        return { runs: 'outside', source: this.#sourceOf(made, order) };
      },
    };
  }

  /** Why one of them is out of work; undefined while all work. */
  get suspended(): string | undefined {
    for (const { suspended } of this.#parsers) if (suspended !== undefined) return suspended;
    return undefined;
  }

  get restarts(): number {
    return [...this.#parsers].reduce((sum, { restarts }) => sum + restarts, this.#restartsBefore);
  }

  resume(): void {
    for (const one of this.#parsers) one.resume();
  }

  /** Lets its own go; what was made of it goes when whoever made it lets it go. */
  retire(): void {
    this.#retired = true;
    this.#own?.retire();
    this.#endIfDone();
  }

  /** Ends all now. */
  async close(): Promise<void> {
    await Promise.all([...this.#parsers].map((one) => one.close()));
    await this.parts.removeCopy();
  }

  #add(order: ParserOrder | undefined, process: PluginProcess): OutsideParser {
    const { staged, watch, start } = this.parts;
    const added: OutsideParser = new OutsideParser(staged, () => start(order), watch, {
      process,
      ...(order && { manifest: order.manifest }),
      closed: async () => this.#forget(added),
    });
    this.#parsers.add(added);
    return added;
  }

  #sourceOf(live: OutsideParser, order: ParserOrder | undefined): OutsideParserSource {
    return { live, makeTrial: () => this.#makeDouble(order) };
  }

  /** A double ends as soon as who tried it lets it go. */
  #makeDouble(order: ParserOrder | undefined): OutsideParser {
    const { staged, start } = this.parts;
    const parts = order ? { manifest: order.manifest } : {};
    const double = new OutsideParser(staged, () => start(order), NO_WATCH, parts);
    double.retire();
    return double;
  }

  #forget(one: OutsideParser): void {
    this.#restartsBefore += one.restarts;
    this.#parsers.delete(one);
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#retired && this.#parsers.size === 0) void this.parts.removeCopy();
  }
}
