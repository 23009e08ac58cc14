import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { pick } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { RedactionsService, type ShownRule } from './redactions.service.js';
import {
  redactionDryRunAnswerSchema,
  redactionDryRunSchema,
  redactionRuleSchema,
  ruleListSchema,
  storedRuleSchema,
  type RedactionDryRun,
  type RedactionDryRunAnswer,
  type RedactionRuleRequest,
} from './redactions.schema.js';

@ApiTags('Redactions')
@Controller('api/v1/redactions')
export class RedactionsController {
  constructor(@Inject(RedactionsService) private readonly service: RedactionsService) {}

  @Get()
  @RequireScope('streams:admin')
  @ApiOperation({
    summary: 'What is taken out of events',
    description: 'The rules of the tenant. The first that names a field, or a detector, counts.',
  })
  @ApiResponse({ status: 200, standardSchema: ruleListSchema })
  async list(@Caller() caller: Principal): Promise<{ readonly redactions: readonly ShownRule[] }> {
    return { redactions: await this.service.list(caller) };
  }

  @Put(':redaction')
  @RequireScope('streams:admin')
  @Audited<RedactionsController>({
    action: 'redaction.put',
    state: async (redactions, { caller, params }) =>
      (await redactions.list(caller)).redactions
        .filter(({ name }) => name === params['redaction'])
        .map((rule) => pick(rule, 'action', 'at', 'stream', 'fields', 'detectors'))[0],
  })
  @ApiOperation({
    summary: 'Make or change a rule',
    description:
      'In force at once for what this process takes, and within 5 s elsewhere; what is stored already stays as it is.',
  })
  @ApiResponse({ status: 200, standardSchema: storedRuleSchema })
  put(
    @Caller() caller: Principal,
    @Param('redaction') name: string,
    @Body({ schema: redactionRuleSchema }) rule: RedactionRuleRequest,
  ): Promise<ShownRule> {
    return this.service.put(caller, name, rule);
  }

  @Delete(':redaction')
  @RequireScope('streams:admin')
  @Audited<RedactionsController>({
    action: 'redaction.delete',
    state: async (redactions, { caller, params }) =>
      (await redactions.list(caller)).redactions
        .filter(({ name }) => name === params['redaction'])
        .map((rule) => pick(rule, 'action', 'at', 'stream', 'fields', 'detectors'))[0],
  })
  @ApiOperation({ summary: 'Take a rule away', description: 'What it took out does not come back.' })
  @ApiResponse({ status: 200, description: 'The rule as it was.', standardSchema: storedRuleSchema })
  remove(@Caller() caller: Principal, @Param('redaction') name: string): Promise<ShownRule> {
    return this.service.remove(caller, name);
  }

  @Post('dry-run')
  @HttpCode(200)
  @RequireScope('streams:admin')
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'What would be taken out of some lines',
    description: 'By the rules in force, or by others that are to be tried. Nothing is stored.',
  })
  @ApiResponse({
    status: 200,
    description: 'One result for each line.',
    standardSchema: redactionDryRunAnswerSchema,
  })
  dryRun(
    @Caller() caller: Principal,
    @Body({ schema: redactionDryRunSchema }) request: RedactionDryRun,
  ): Promise<RedactionDryRunAnswer> {
    return this.service.dryRun(caller, request);
  }
}
