import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Block } from '#event-model';
import type { ParserFailure } from '#plugin-host';

/** Where parsers that fail are told of: the log, and a count that an alert can watch. */
export class ParserFailures {
  readonly #lines: Counter<'parser'>;

  constructor(
    private readonly logger: Pick<Logger, 'error'>,
    registry: Registry,
  ) {
    this.#lines = new Counter({
      name: 'alluvium_parser_failed_lines_total',
      help: 'Text lines at which a parser threw, or broke its contract: in quarantine as parser:<name>, or kept unparsed with auto.',
      labelNames: ['parser'],
      registers: [registry],
    });
  }

  readonly report = ({ parser, lines, error }: ParserFailure, { header }: Block): void => {
    this.#lines.inc({ parser }, lines);
    const { id, tenant, stream } = header;
    this.logger.error(
      { err: error, parser, lines, block: id, tenant, stream },
      'a parser failed: mend the plugin; the lines are kept',
    );
  };
}
