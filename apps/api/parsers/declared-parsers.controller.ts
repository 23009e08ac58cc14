import {
  Body,
  Controller,
  Delete,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { pick } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { versionOf } from '../settings/if-match.js';
import { DeclaredParsersService } from './declared-parsers.service.js';
import { DeclarationTag } from './declaration-tag.js';
import {
  declarationSchema,
  declaredDryRunSchema,
  dryRunAnswerSchema,
  parserSchema,
  type DeclarationRequest,
  type DeclaredDryRunRequest,
  type DescribedParser,
  type DryRunResult,
} from './parsers.schema.js';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the parser that the change is meant for: 412 where it was changed meanwhile.',
};

/** The name of a parser means the same to every tenant and input of a server: only `system` may declare them. */
@ApiTags('Parsers')
@Controller('api/v1/parsers')
@UseInterceptors(DeclarationTag)
export class DeclaredParsersController {
  constructor(@Inject(DeclaredParsersService) private readonly service: DeclaredParsersService) {}

  @Put(':parser')
  @RequireScope('system')
  @Audited<DeclaredParsersController>({
    action: 'parser.declare',
    of: 'appliance',
    state: (parsers, { params }) => parsers.declaration(params['parser'] ?? ''),
  })
  @ApiOperation({
    summary: 'Declare a parser, or change one that was declared',
    description:
      'In force at once for what this process takes and stores, and within 5 s elsewhere; what waits to be stored is read by the newest version. Its options are checked whole: every mistake is listed with its place.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: parserSchema })
  put(
    @Caller() caller: Principal,
    @Param('parser') name: string,
    @Body({ schema: declarationSchema }) request: DeclarationRequest,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<DescribedParser> {
    return this.service.put(caller, name, { request, ifVersion: versionOf(ifMatch) });
  }

  @Delete(':parser')
  @RequireScope('system')
  @Audited<DeclaredParsersController>({
    action: 'parser.delete',
    of: 'appliance',
    state: (parsers, { params }) => parsers.declaration(params['parser'] ?? ''),
  })
  @ApiOperation({
    summary: 'Delete a declared parser',
    description:
      'Refused while sources of inputs or routing rules name it. Lines that still wait for it go to quarantine as `parser:<name>`, from where they are replayed with another.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'The parser as it was.', standardSchema: parserSchema })
  remove(
    @Caller() caller: Principal,
    @Param('parser') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<DescribedParser> {
    return this.service.remove(caller, name, versionOf(ifMatch));
  }

  @Post('dry-run')
  @HttpCode(200)
  @RequireScope('system')
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'What a parser would make of some lines, were it declared',
    description: 'Nothing is kept and nothing is stored.',
  })
  @ApiResponse({ status: 200, description: 'One result for each line.', standardSchema: dryRunAnswerSchema })
  async dryRun(
    @Body({ schema: declaredDryRunSchema }) request: DeclaredDryRunRequest,
  ): Promise<{ readonly results: readonly DryRunResult[] }> {
    return { results: await this.service.dryRun(request) };
  }

  /** What an admin declares of a parser, without lines of logs. @throws Problem `parser_not_found` */
  declaration(name: string): Readonly<Record<string, unknown>> {
    return pick(this.service.describe(name), 'title', 'description', 'declaration');
  }
}
