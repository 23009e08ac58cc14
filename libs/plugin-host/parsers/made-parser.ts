import { parserName, type ParserPlugin, type PluginManifest } from '#plugin-kit';
import type { z } from 'zod';
import type { OutsideParser } from '../outside/outside-parser.js';

/** An outside parser, with a double of it that may be tried, loop and end without a block noticing. */
export interface OutsideParserSource {
  readonly live: OutsideParser;
  /** Makes a double, which has to be closed. */
  makeTrial(): OutsideParser;
}

/** A parser that was made of options: by a plugin of this process, or by an outside one in a process of its own. */
export type MadeParser =
  | { readonly runs: 'here'; readonly plugin: ParserPlugin }
  | { readonly runs: 'outside'; readonly source: OutsideParserSource };

/** What is made of options: who it is, and what of. */
export interface ParserOrder {
  /** As the made parser has it: its name is what requests ask for. */
  readonly manifest: PluginManifest;
  /** As an admin wrote them. */
  readonly options: unknown;
}

/** A plugin of which an admin can make parsers. Each version of an outside one is another object. */
export interface ParserKind {
  /** What declarations name it by. */
  readonly name: string;
  readonly manifest: PluginManifest;
  /** What the options may be. */
  readonly options: z.ZodType;
  readonly runs: MadeParser['runs'];
  /**
   * Makes one, which has to be let go by {@link retireMade}.
   *
   * @throws ZodError, OptionMistakesError; of an outside one also what else it failed with
   */
  make(order: ParserOrder): Promise<MadeParser>;
}

/** The name by which requests ask for it. */
export function madeName(made: MadeParser): string {
  return made.runs === 'here' ? parserName(made.plugin.manifest) : made.source.live.name;
}

/** Lets a made parser go: its process ends as soon as no block needs it. */
export function retireMade(made: MadeParser): void {
  if (made.runs === 'outside') made.source.live.retire();
}
