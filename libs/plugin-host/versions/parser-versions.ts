import type { PluginProblem } from '#plugin-kit';
import type { Outcome } from '../outcome.js';
import type { LineParser, OnParserFailure } from '../parsers/verdict.js';

/** One version of a parser. */
export interface ParserVersion {
  /** Names it for good: the SHA-256 of its files, or whatever its source tells versions apart by. */
  readonly id: string;
  /** What its author calls it: `1.2.0`. Several may have the same. */
  readonly version: string;
  /** It parses what comes in now. */
  readonly isActive: boolean;
  /** It stays active, whatever other version comes, until one is activated. */
  readonly isHeld: boolean;
  /** It was active before the one that is: what a roll back leads to. */
  readonly isBefore: boolean;
  /** It may run. */
  readonly isTrusted: boolean;
  /** When it was first seen: milliseconds since the epoch. */
  readonly since: number;
}

/** A version at work on lines of a trial. `parse.close` has to be called. */
export interface OpenedVersion {
  readonly parse: LineParser;
  /** Why it is out of work; undefined while it works. */
  suspended(): string | undefined;
}

/** Where the versions of some parsers are kept, and made to run. */
export interface ParserVersionSource {
  /** The newest first; undefined where the parser is none of its. */
  list(parser: string): Promise<readonly ParserVersion[] | undefined>;
  /** Makes one work on lines of a trial, apart from the active one. */
  open(parser: string, id: string, failures: OnParserFailure): Promise<Outcome<OpenedVersion>>;
  /**
   * Makes one the active one, also after a restart. Blocks under way end with the version that they began with.
   *
   * @param held whether it stays when another version comes
   * @returns what keeps it from being active: then nothing has changed
   */
  activate(parser: string, id: string, held: boolean): Promise<readonly PluginProblem[]>;
}

/** The versions of all parsers that have some, wherever they come from. */
export class ParserVersions implements ParserVersionSource {
  readonly #sources: ParserVersionSource[] = [];

  /** Takes one more place where versions are kept; it is asked before those that were there. */
  add(source: ParserVersionSource): void {
    this.#sources.unshift(source);
  }

  async list(parser: string): Promise<readonly ParserVersion[] | undefined> {
    return (await this.#find(parser))?.versions;
  }

  async open(parser: string, id: string, failures: OnParserFailure): Promise<Outcome<OpenedVersion>> {
    const found = await this.#find(parser);
    return found ? found.source.open(parser, id, failures) : { problems: [NO_VERSIONS] };
  }

  async activate(parser: string, id: string, held: boolean): Promise<readonly PluginProblem[]> {
    const found = await this.#find(parser);
    return found ? found.source.activate(parser, id, held) : [NO_VERSIONS];
  }

  async #find(parser: string) {
    for (const source of this.#sources) {
      const versions = await source.list(parser);
      if (versions) return { source, versions };
    }
    return undefined;
  }
}

const NO_VERSIONS: PluginProblem = {
  what: 'the parser has no versions: it is built in, or gone',
  mend: 'use a parser that was added to the server',
};
