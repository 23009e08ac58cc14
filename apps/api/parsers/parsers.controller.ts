import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { AUTO_PARSER } from '#plugin-kit';
import { RequireScope } from '../guarding/access-metadata.js';
import { DryRunService, parserNotFound } from './dry-run.service.js';
import {
  dryRunAnswerSchema,
  dryRunOptionsSchema,
  dryRunSchema,
  parserListSchema,
  parserSchema,
  type DescribedParser,
  type DryRunRequest,
  type DryRunResult,
  type ShownParser,
} from './parsers.schema.js';

const AUTO: ShownParser = {
  name: AUTO_PARSER,
  title: 'The surest parser of each line',
  description:
    'Asks every parser how sure it is of a line and takes the surest. A line that none knows is an event whose message is the line.',
};
/** The same for all: a parser knows nothing but its lines and when they were received. */
const OPTIONS_SCHEMA = z.toJSONSchema(dryRunOptionsSchema, { io: 'input' });

@ApiTags('Parsers')
@Controller('api/v1/parsers')
export class ParsersController {
  constructor(
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(DryRunService) private readonly dryRuns: DryRunService,
  ) {}

  @Get()
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'The parsers of text lines',
    description: 'What `?parser=` of sent text may be: `auto`, and those that plugins bring.',
  })
  @ApiResponse({ status: 200, standardSchema: parserListSchema })
  list(): { readonly parsers: readonly ShownParser[] } {
    return { parsers: this.plugins.parsers.names().map((name) => this.#shown(name)) };
  }

  @Get(':parser')
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'One parser',
    description: 'What it reads, what a dry run of it may be told, and lines to try it with.',
  })
  @ApiResponse({ status: 200, standardSchema: parserSchema })
  find(@Param('parser') name: string): DescribedParser {
    if (!this.plugins.parsers.has(name)) throw parserNotFound(name);
    return { ...this.#shown(name), options_schema: OPTIONS_SCHEMA, samples: this.#samples(name) };
  }

  @Post(':parser/dry-run')
  @HttpCode(200)
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'What a parser would make of some lines',
    description:
      'Nothing is stored. Each line goes the way of a sent one, through the parser and the event type: an event as a search would show it, or the reason that the quarantine would keep it with. `auto` chooses the parser of each line.',
  })
  @ApiResponse({ status: 200, description: 'One result for each line.', standardSchema: dryRunAnswerSchema })
  async dryRun(
    @Param('parser') name: string,
    @Body({ schema: dryRunSchema }) request: DryRunRequest,
  ): Promise<{ readonly results: readonly DryRunResult[] }> {
    return { results: await this.dryRuns.run(name, request) };
  }

  #shown(name: string): ShownParser {
    const plugin = this.plugins.parsers.find(name);
    if (!plugin) return AUTO;
    const { title, description, version, stability } = plugin.manifest;
    return { name, title, description, version, stability };
  }

  /** `auto` is for lines of every form. */
  #samples(name: string): DescribedParser['samples'] {
    const plugin = this.plugins.parsers.find(name);
    const own = plugin && this.plugins.samples.get(plugin.manifest.name);
    const all = own ?? (plugin ? [] : [...this.plugins.samples.values()].flat());
    return all.map((sample) => ({ name: sample.name, lines: [...sample.lines] }));
  }
}
