import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import { DEFAULT_TENANT } from '#event-model';
import {
  madeName,
  ParserRegistry,
  PLUGIN_REGISTRY,
  type LineParser,
  type MadeParser,
  type ParserFailure,
  type PluginRegistry,
} from '#plugin-host';
import { Problem } from '../problems/problem.js';
import { DryRunQueue } from './dry-run-queue.js';
import { LineSource, type GivenLine, type GivenLines, type LineRequest } from './line-source.js';
import type { DryRunAnswer, DryRunRequest, DryRunResult } from './parsers.schema.js';
import { shownLine } from './shown-line.js';
import { tryLines } from './trial.js';

/** Milliseconds that one dry run, or each side of a comparison, may take. */
const MAX_MS = 10_000;

/** A parser to be tried. */
export interface TriedParser {
  readonly name: string;
  /** What is known of it besides. */
  readonly parsers: ParserRegistry;
  /** Makes it parse lines, telling of failures. Its `close` is called when it is done. */
  readonly open: (failed: (failure: ParserFailure) => void) => Promise<LineParser>;
}

/** Lines that the caller has, with what is to be known of them. */
export interface PastedLines extends Pick<LineRequest, 'options'> {
  readonly lines: readonly string[];
}

/** Lines tried with a parser. */
export interface TriedLines {
  /** One for each line; for the first ones only where the time was up. */
  readonly results: readonly DryRunResult[];
  readonly isCut: boolean;
}

/**
 * Says what would become of lines, without storing them. One run at a time, so that many of them can't hold up
 * acknowledgements.
 */
@Injectable()
export class DryRunService {
  readonly #queue = new DryRunQueue();

  constructor(
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(LineSource) private readonly source: LineSource,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /**
   * One result for each line, in order.
   *
   * @throws Problem `parser_not_found`, `event_type_unknown`, `line_too_long`, `too_many_dry_runs`; of stored lines also
   * `forbidden`, `stream_unknown`, `query_invalid`, `too_many_searches`
   */
  async run(
    caller: Principal,
    name: string,
    ...[request, signal]: [DryRunRequest, AbortSignal]
  ): Promise<DryRunAnswer> {
    const { parsers } = this.plugins;
    if (!parsers.has(name)) throw parserNotFound(name);
    const given = await this.source.read(caller, request, signal);
    const { results, isCut } = await this.tryOn(parserIn(parsers, name), given);
    return {
      results: results.map((result, at) => ({ ...shownLine(given.lines[at] as GivenLine), ...result })),
      ...((isCut || given.isCut) && { is_cut: true }),
    };
  }

  /** The same for pasted lines. @throws Problem `parser_not_found`, and as {@link runWith} */
  runPasted(name: string, pasted: PastedLines, tenant = DEFAULT_TENANT): Promise<readonly DryRunResult[]> {
    return this.#tryPasted(parserIn(this.plugins.parsers, name), pasted, tenant);
  }

  /**
   * The same for pasted lines, with a parser that nobody else can ask for.
   *
   * @param tenant whose event types the lines are checked against
   * @throws Problem `event_type_unknown`, `line_too_long`, `too_many_dry_runs`
   */
  runWith(made: MadeParser, pasted: PastedLines, tenant = DEFAULT_TENANT): Promise<readonly DryRunResult[]> {
    const parsers = new ParserRegistry([]);
    parsers.setDeclared([made]);
    return this.#tryPasted(parserIn(parsers, madeName(made)), pasted, tenant);
  }

  /** Tries a parser on lines, in its turn. @throws Problem `too_many_dry_runs` */
  async tryOn({ name, parsers, open }: TriedParser, given: GivenLines): Promise<TriedLines> {
    const { lines, zone, arePasted } = given;
    return this.#queue.run(async () => {
      const failures = new Map<string, unknown>();
      const parse = await open(({ parser, error }) => void failures.set(parser, error));
      try {
        const joinedBytes = arePasted ? this.settings.current.limitsLineBytes : undefined;
        const trial = { name, parsers, parse, failures, lines, joinedBytes, zone };
        const results = await tryLines(trial, performance.now() + MAX_MS);
        return { results, isCut: results.length < lines.length };
      } finally {
        parse.close?.();
      }
    });
  }

  async #tryPasted(
    parser: TriedParser,
    { lines, options }: PastedLines,
    tenant: string,
  ): Promise<readonly DryRunResult[]> {
    return (await this.tryOn(parser, this.source.pasted(tenant, lines, options))).results;
  }
}

/** A parser of a registry, to be tried apart from what comes in. */
export function parserIn(parsers: ParserRegistry, name: string): TriedParser {
  return {
    name,
    parsers,
    open: async (failed) => {
      const parse = parsers.open(name, failed, 'trial');
      if (!parse) throw parserNotFound(name);
      return parse;
    },
  };
}

/** The problem of a name that is no parser's. */
export function parserNotFound(name: string): Problem {
  return new Problem('parser_not_found', `There is no parser named "${name.slice(0, 80)}".`);
}
