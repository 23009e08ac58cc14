import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { DEFAULT_TENANT, nowNs, parseTime, type EventTypeDeclaration } from '#event-model';
import {
  ParserRegistry,
  PLUGIN_REGISTRY,
  type LineParser,
  type ParserFailure,
  type PluginRegistry,
  type Verdict,
} from '#plugin-host';
import { parserName, type ParseContext, type ParserPlugin } from '#plugin-kit';
import { EventTypeRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { DryRunQueue } from './dry-run-queue.js';
import { judgeLine } from './judge-line.js';
import type { DryRunRequest, DryRunResult } from './parsers.schema.js';
import { triedLines, type TriedLine } from './tried-lines.js';

/** Events, and bytes, that are parsed at once: some two milliseconds of work. */
const PIECE_LINES = 20;
const PIECE_BYTES = 16 * 1024;

/** One dry run, found good. */
interface Trial {
  readonly name: string;
  readonly parsers: ParserRegistry;
  readonly parse: LineParser;
  /** What parsers threw, by their names. */
  readonly failures: ReadonlyMap<string, unknown>;
  readonly lines: readonly string[];
  readonly eventType: EventTypeDeclaration;
  readonly context: ParseContext;
}

/**
 * Says what would become of lines, without storing them. It works in small pieces between which requests under way have
 * their turn, one run at a time, so that many of them can't hold up acknowledgements.
 */
@Injectable()
export class DryRunService {
  readonly #queue = new DryRunQueue();

  constructor(
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
    @Inject(EventTypeRegistry) private readonly eventTypes: EventTypeRegistry,
  ) {}

  /**
   * One result for each line, in order.
   *
   * @param tenant whose event types the lines are checked against
   * @throws Problem `parser_not_found`, `event_type_unknown`, `line_too_long`, `too_many_dry_runs`
   */
  run(name: string, request: DryRunRequest, tenant = DEFAULT_TENANT): Promise<readonly DryRunResult[]> {
    return this.#run(name, this.plugins.parsers, request, tenant);
  }

  /**
   * The same with a parser that nobody else can ask for.
   *
   * @throws Problem `event_type_unknown`, `line_too_long`, `too_many_dry_runs`
   */
  runWith(
    plugin: ParserPlugin,
    request: DryRunRequest,
    tenant = DEFAULT_TENANT,
  ): Promise<readonly DryRunResult[]> {
    return this.#run(parserName(plugin.manifest), new ParserRegistry([plugin]), request, tenant);
  }

  async #run(
    name: string,
    parsers: ParserRegistry,
    request: DryRunRequest,
    tenant: string,
  ): Promise<readonly DryRunResult[]> {
    const trial = this.#prepare(name, parsers, request, tenant);
    try {
      return await this.#queue.run(() => this.#try(trial));
    } finally {
      trial.parse.close?.();
    }
  }

  #prepare(name: string, parsers: ParserRegistry, { lines, options }: DryRunRequest, tenant: string): Trial {
    const failures = new Map<string, unknown>();
    if (!parsers.has(name)) throw parserNotFound(name);
    this.#checkLengths(lines);
    const receivedAt = options.received_at === undefined ? undefined : parseTime(options.received_at);
    const eventType = this.#eventType(tenant, options.event_type);
    const told = ({ parser, error }: ParserFailure): void => void failures.set(parser, error);
    const parse = parsers.open(name, told, 'trial');
    if (!parse) throw parserNotFound(name);
    const zone = options.zone === undefined ? {} : { zone: options.zone };
    const context = { receivedAt: receivedAt ?? nowNs(), ...zone };
    return { name, parsers, parse, failures, lines, eventType, context };
  }

  #eventType(tenant: string, name: string): EventTypeDeclaration {
    const found = this.eventTypes.get(tenant, name);
    if (found) return found;
    const known = this.eventTypes.list(tenant).map(({ declaration }) => declaration.name);
    const detail = `There is no event type "${name}"; known: ${known.join(', ')}.`;
    throw new Problem('event_type_unknown', detail);
  }

  #checkLengths(lines: readonly string[]): void {
    const limit = this.settings.current.limitsLineBytes;
    const long = lines.findIndex((line) => Buffer.byteLength(line) > limit);
    if (long < 0) return;
    throw new Problem('line_too_long', `Line ${long + 1} is longer than ${limit} bytes.`);
  }

  async #try(trial: Trial): Promise<readonly DryRunResult[]> {
    const lines = trial.lines.map((text) => Buffer.from(text.replace(/\r$/, '')));
    const grouping = trial.parsers.grouping(trial.name);
    const limit = this.settings.current.limitsLineBytes;
    const results: DryRunResult[] = [];
    for (const piece of piecesOf(triedLines(lines, grouping, limit))) {
      results.push(...(await this.#tryPiece(piece, trial)));
      await nextTurn();
    }
    return results;
  }

  async #tryPiece(lines: readonly TriedLine[], trial: Trial): Promise<DryRunResult[]> {
    const { name, parsers, parse, failures, eventType, context } = trial;
    const { receivedAt } = context;
    const full = lines.flatMap((tried) => (tried.kind === 'event' ? tried.line : []));
    const verdicts = await parse(full, context);
    const results = new Map(
      full.map((line, at) => {
        const verdict = verdicts[at] as Verdict;
        const { certainty = parsers.certainty(verdict.parser ?? name, line) } = verdict;
        return [line, judgeLine(line, { verdict, certainty, failures, eventType, receivedAt })] as const;
      }),
    );
    return lines.map((tried) => {
      if (tried.kind === 'event') return results.get(tried.line) ?? BLANK;
      return tried.kind === 'blank' ? BLANK : JOINED;
    });
  }
}

/** The problem of a name that is no parser's. */
export function parserNotFound(name: string): Problem {
  return new Problem('parser_not_found', `There is no parser named "${name.slice(0, 80)}".`);
}

const BLANK: DryRunResult = {
  parser: null,
  reason: 'blank_line',
  message: 'A blank line is no event: it is passed over.',
};

const JOINED: DryRunResult = {
  parser: null,
  reason: 'joined_line',
  message: 'It belongs to the event of a line above: the parser joined them.',
};

function* piecesOf(lines: readonly TriedLine[]): Generator<readonly TriedLine[]> {
  let piece: TriedLine[] = [];
  let bytes = 0;
  for (const tried of lines) {
    piece.push(tried);
    bytes += tried.kind === 'event' ? tried.line.byteLength : 0;
    if (piece.length < PIECE_LINES && bytes < PIECE_BYTES) continue;
    yield piece;
    [piece, bytes] = [[], 0];
  }
  if (piece.length > 0) yield piece;
}
