import type { PluginManifest } from '../manifest.js';
import type { PluginProblem } from '../plugin-problem.js';

/** What a parser may know besides the lines: nothing else, so that the same lines always give the same events. */
export interface ParseContext {
  /** When the server accepted the lines: nanoseconds since the epoch, UTC. The only clock there is. */
  readonly receivedAt: bigint;
  /** Zone of times that stand without one: an IANA name, or an offset such as `+02:00`. Default UTC. */
  readonly zone?: string;
}

/** How much of a line of its format a parser could read; a dry run and `parse_status` call a line that nobody knew `none`. */
export type ParseConfidence = 'full' | 'partial';

/** What a parser made of one line. */
export type ParsedLine =
  | {
      readonly kind: 'event';
      /**
       * `partial`: the format is known, but a part of the line could not be read; what could be is in the event, the rest
       * in its `message`, and storage marks it with `parse_status: partial`. `full` where it isn't said.
       */
      readonly confidence?: ParseConfidence;
      /** As a client would send it: a JSON object, built-in fields under their names, all others as attributes. */
      readonly event: Readonly<Record<string, unknown>>;
      /** What was read otherwise than it stood there; shown by a dry run, never stored. */
      readonly warnings?: readonly string[];
    }
  /** The line itself is the event: a JSON object in UTF-8, whose bytes go on as they are. */
  | { readonly kind: 'json' }
  | {
      readonly kind: 'refused';
      /** Stable: 1 to 64 of a-z, 0-9 and _, a letter first. Quarantine keeps the line under it. */
      readonly reason: string;
      /** A sentence on what is wrong, and where. */
      readonly message: string;
    };

/** Says of the lines of one text, one after the other, whether each goes on with the event of the line before. */
export type LineJoiner = (line: Uint8Array) => boolean;

/** How lines that are one event together are found, as those of a stack trace. */
export interface LineGrouping {
  /** Most lines of an event; what goes on behind them is an event of its own. */
  readonly maxLines: number;
  /**
   * Makes what is asked for each line of one text, blank ones left out: a line has no LF and no CR at its end, and may be
   * no UTF-8. What it throws means no.
   */
  open(): LineJoiner;
}

/**
 * Turns text lines into events. Both methods are pure: no clock, no state that outlives the call, no change to the
 * lines. They may be called with any bytes, and again with the same ones after a crash.
 */
export interface Parser {
  /**
   * Answers with one {@link ParsedLine} for each line, in order. A line is never blank and has no LF and no CR at its
   * end; it may be no UTF-8. What is thrown sends all of these lines to quarantine.
   */
  parse(lines: readonly Uint8Array[], context: ParseContext): readonly ParsedLine[];
  /**
   * How sure it is, from 0 (not mine) to 1, that the line is of its format, by a look at its beginning: `auto` asks for
   * every line. {@link SURE} and more means that no other parser needs to be asked.
   */
  sniff(line: Uint8Array): number;
  /**
   * Where an event may have several lines: how they are found, before they are accepted. They reach `parse` as one line,
   * which `readJoinedLine` makes text of. `auto` groups nothing, and outside parsers are not asked yet.
   */
  readonly grouping?: LineGrouping;
}

/** The `sniff` of a parser that `auto` never has to ask. */
export const neverMine = (): number => 0;

/** A parser that is this sure of a line, or surer, gets it at once. */
export const SURE = 0.9;

/** The name under which `auto` chooses a parser for each line; no plugin may have it. */
export const AUTO_PARSER = 'auto';

/** The form of a refusal's reason. */
export const REFUSAL_REASON = /^[a-z][a-z0-9_]{0,63}$/;

/** The name by which requests ask for a parser: that of its plugin, without the kind. */
export function parserName(manifest: Pick<PluginManifest, 'name'>): string {
  return manifest.name.replace(/^parser-/, '');
}

/** What keeps a parser plugin from being loaded; empty where nothing does. */
export function parserProblems(
  manifest: Pick<PluginManifest, 'name'>,
  parser: unknown,
): readonly PluginProblem[] {
  const problems: PluginProblem[] = [];
  if (parserName(manifest) === AUTO_PARSER)
    problems.push({
      what: `a parser may not be named "${AUTO_PARSER}"`,
      mend: 'give the folder and the manifest another name: auto means that the server chooses',
    });
  const methods = typeof parser === 'object' && parser !== null ? (parser as Record<string, unknown>) : {};
  for (const name of ['parse', 'sniff'])
    if (typeof methods[name] !== 'function')
      problems.push({
        what: `parser.${name} is no function`,
        mend: 'write it as Parser of #plugin-kit says',
      });
  return problems;
}
