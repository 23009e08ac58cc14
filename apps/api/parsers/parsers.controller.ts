import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { whileClientListens } from '../requests/client-gone.js';
import { DeclarationTag } from './declaration-tag.js';
import { DryRunService } from './dry-run.service.js';
import { ParserCatalog } from './parser-catalog.js';
import {
  dryRunAnswerSchema,
  dryRunSchema,
  parserListSchema,
  parserSchema,
  type DescribedParser,
  type DryRunAnswer,
  type DryRunRequest,
  type ParserList,
} from './parsers.schema.js';

@ApiTags('Parsers')
@Controller('api/v1/parsers')
@UseInterceptors(DeclarationTag)
export class ParsersController {
  constructor(
    @Inject(ParserCatalog) private readonly parsers: ParserCatalog,
    @Inject(DryRunService) private readonly dryRuns: DryRunService,
  ) {}

  @Get()
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'The parsers of text lines',
    description:
      'What `?parser=` of sent text may be: `auto`, those that plugins bring, and those that an admin declared; and of what kinds parsers can be declared.',
  })
  @ApiResponse({ status: 200, standardSchema: parserListSchema })
  list(): ParserList {
    return this.parsers.list();
  }

  @Get(':parser')
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'One parser',
    description: 'What it reads, what a dry run of it may be told, and lines to try it with.',
  })
  @ApiResponse({ status: 200, standardSchema: parserSchema })
  find(@Param('parser') name: string): DescribedParser {
    return this.parsers.describe(name);
  }

  @Post(':parser/dry-run')
  @HttpCode(200)
  @RequireScope(['logs:read', 'events:write', 'streams:admin', 'quarantine:read'])
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'What a parser would make of some lines',
    description:
      'Nothing is stored. The lines are pasted, or the newest of a stream or of quarantine. Each goes the way of a sent one, through the parser and the event type: an event as a search would show it, or the reason that the quarantine would keep it with. `auto` chooses the parser of each line.',
  })
  @ApiResponse({ status: 200, description: 'One result for each line.', standardSchema: dryRunAnswerSchema })
  dryRun(
    @Caller() caller: Principal,
    @Param('parser') name: string,
    @Body({ schema: dryRunSchema }) request: DryRunRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DryRunAnswer> {
    return whileClientListens(reply.raw, (signal) => this.dryRuns.run(caller, name, request, signal));
  }
}
