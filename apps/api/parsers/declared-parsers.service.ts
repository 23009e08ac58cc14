import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import {
  DeclarationError,
  DeclaredParsers,
  retireMade,
  type MadeParser,
  type ParserDeclaration,
} from '#plugin-host';
import { Problem } from '../problems/problem.js';
import { invalidRequest } from '../requests/invalid-request.js';
import { DryRunService, parserNotFound } from './dry-run.service.js';
import { ParserCatalog } from './parser-catalog.js';
import { ParserUsers } from './parser-users.js';
import type {
  DeclarationRequest,
  DeclaredDryRunRequest,
  DescribedParser,
  DryRunResult,
} from './parsers.schema.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** Names that stand for something else in paths. */
const RESERVED = new Set(['auto', 'dry-run']);
/** Users of a parser that are told of. */
const SHOWN = 20;
/** Name of a parser that is only tried. */
const TRIED = 'tried';

/** What is to be declared, and the version that the change is meant for; undefined where any will do. */
export interface DeclarationChange {
  readonly request: DeclarationRequest;
  readonly ifVersion: number | undefined;
}

/** Keeps the parsers that admins declare, and tries others. */
@Injectable()
export class DeclaredParsersService {
  constructor(
    @Inject(DeclaredParsers) private readonly declared: DeclaredParsers,
    @Inject(ParserCatalog) private readonly catalog: ParserCatalog,
    @Inject(DryRunService) private readonly dryRuns: DryRunService,
    @Inject(ParserUsers) private readonly users: ParserUsers,
  ) {}

  /**
   * @throws Problem `parser_name_invalid`, `invalid_request`
   * @throws DeclarationError `parser_kind_unknown`, `parser_name_taken`, `too_many_parsers`, `parser_not_made`,
   * `parser_conflict`
   */
  async put(
    { keyId, keyName }: Principal,
    name: string,
    { request, ifVersion }: DeclarationChange,
  ): Promise<DescribedParser> {
    if (!NAME.test(name) || RESERVED.has(name))
      throw new Problem('parser_name_invalid', 'The path holds no name for a declared parser.');
    const declaration = declarationOf(request);
    await this.#withMade(declaration, name, (made) => this.#trySamples(made, request.samples));
    const changed = {
      changed_at: new Date().toISOString(),
      changed_by: { key_id: keyId, key_name: keyName },
    };
    await this.declared.put({ name, ...declaration, ...changed }, ifVersion);
    return this.catalog.describe(name);
  }

  /**
   * @throws Problem `parser_not_found`, `parser_not_declared`, `parser_in_use`
   * @throws DeclarationError `parser_conflict`
   */
  async remove(caller: Principal, name: string, ifVersion?: number): Promise<DescribedParser> {
    if (!this.declared.find(name)) {
      this.catalog.describe(name);
      throw new Problem('parser_not_declared', `The parser "${name}" belongs to a plugin.`);
    }
    const users = await this.users.of(name, caller);
    if (users.length > 0)
      throw new Problem(
        'parser_in_use',
        `The parser "${name}" is named by ${users.slice(0, SHOWN).join(', ')}.`,
      );
    const shown = this.catalog.describe(name);
    if (!(await this.declared.remove(name, ifVersion))) throw parserNotFound(name);
    return shown;
  }

  /** @throws Problem `parser_not_found` */
  describe(name: string): DescribedParser {
    return this.catalog.describe(name);
  }

  /** One result for each line, in order. @throws Problem `invalid_request`, `line_too_long`, `too_many_dry_runs` */
  dryRun({ kind, options, lines, dry_run }: DeclaredDryRunRequest): Promise<readonly DryRunResult[]> {
    return this.#withMade({ kind, options, samples: [] }, TRIED, (made) =>
      this.dryRuns.runWith(made, { lines, options: dry_run }),
    );
  }

  /** Makes the parser for as long as the work takes. */
  async #withMade<T>(
    declaration: ParserDeclaration,
    name: string,
    work: (made: MadeParser) => Promise<T>,
  ): Promise<T> {
    const made = await this.#build(declaration, name);
    try {
      return await work(made);
    } finally {
      retireMade(made);
    }
  }

  async #build(declaration: ParserDeclaration, name: string): Promise<MadeParser> {
    try {
      return await this.declared.build(declaration, { name });
    } catch (error) {
      if (!(error instanceof DeclarationError) || error.mistakes.length === 0) throw error;
      throw invalidRequest(
        error.mistakes.map(({ path, message, mend }) => ({
          path: ['options', ...path],
          message,
          params: { mend },
        })),
      );
    }
  }

  async #trySamples(made: MadeParser, samples: readonly string[]): Promise<void> {
    if (samples.length === 0) return;
    const results = await this.dryRuns.runWith(made, {
      lines: [...samples],
      options: { event_type: 'log' },
    });
    const refused = results.flatMap((result, at) =>
      'reason' in result && result.reason !== 'joined_line'
        ? [{ path: ['samples', at], message: `is refused: ${result.message}`, params: { mend: SAMPLE_MEND } }]
        : [],
    );
    if (refused.length > 0) throw invalidRequest(refused);
  }
}

const SAMPLE_MEND = 'Mend the options, or leave the line out; POST /api/v1/parsers/dry-run tries both.';

function declarationOf({
  kind,
  options,
  title,
  description,
  samples,
}: DeclarationRequest): ParserDeclaration {
  return {
    ...{ kind, options, samples },
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
  };
}
