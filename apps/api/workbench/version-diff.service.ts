import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { LINE_OUTCOMES, PLUGIN_REGISTRY, type ParserVersion, type PluginRegistry } from '#plugin-host';
import { DryRunService, parserIn, type TriedLines, type TriedParser } from '../parsers/dry-run.service.js';
import { LineSource, type GivenLine, type GivenLines } from '../parsers/line-source.js';
import type { DryRunResult } from '../parsers/parsers.schema.js';
import { shownLine } from '../parsers/shown-line.js';
import { compareResults } from './compare-results.js';
import { unusable, VersionFinder } from './version-finder.js';
import type { DiffAnswer, DiffRequest } from './versions.schema.js';

/** Compares what two versions of a parser make of the same lines. Nothing is stored. */
@Injectable()
export class VersionDiffService {
  constructor(
    @Inject(VersionFinder) private readonly finder: VersionFinder,
    @Inject(LineSource) private readonly source: LineSource,
    @Inject(DryRunService) private readonly dryRuns: DryRunService,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
  ) {}

  /** @throws Problem `parser_not_found`, `version_not_found`, `version_unusable`, and those of a dry run */
  async compare(
    caller: Principal,
    parser: string,
    ...[request, signal]: [DiffRequest, AbortSignal]
  ): Promise<DiffAnswer> {
    const from = await this.finder.find(parser, request.from);
    const to = await this.finder.find(parser, request.to);
    const given = await this.source.read(caller, request, signal);
    const before = await this.#try(parser, from, given);
    const after = await this.#try(parser, to, given);
    const most = Math.min(before.results.length, after.results.length);
    const lines = given.lines.slice(0, most).map((line: GivenLine, at) => ({
      ...shownLine(line),
      ...compareResults(before.results[at] as DryRunResult, after.results[at] as DryRunResult),
    }));
    return {
      from: from.id,
      to: to.id,
      counts: countsOf(lines),
      lines,
      ...((given.isCut || before.isCut || after.isCut) && { is_cut: true }),
    };
  }

  #try(parser: string, version: ParserVersion, given: GivenLines): Promise<TriedLines> {
    const { parsers } = this.plugins;
    if (version.isActive) return this.dryRuns.tryOn(parserIn(parsers, parser), given);
    const open: TriedParser['open'] = async (failed) => {
      const opened = await this.finder.versions.open(parser, version.id, failed);
      if (opened.problems) throw unusable(parser, opened.problems);
      return opened.value.parse;
    };
    return this.dryRuns.tryOn({ name: parser, parsers, open }, given);
  }
}

function countsOf(lines: DiffAnswer['lines']): DiffAnswer['counts'] {
  const counts = LINE_OUTCOMES.map((outcome) => [
    outcome,
    lines.filter((line) => line.outcome === outcome).length,
  ]);
  return Object.fromEntries(counts) as DiffAnswer['counts'];
}
