import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Put,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { byName } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { versionOf } from '../settings/if-match.js';
import {
  routingDryRunAnswerSchema,
  routingDryRunSchema,
  type RoutingDryRunAnswer,
  type RoutingDryRunRequest,
} from './routing-dry-run.schema.js';
import { RoutingDryRun } from './routing-dry-run.js';
import { RulesService } from './rules.service.js';
import { VersionTag } from './version-tag.js';
import {
  ruleBookRequestSchema,
  ruleBookSchema,
  rulePatchSchema,
  ruleSchema,
  shownRuleSchema,
  type RuleBookRequest,
  type RulePatch,
  type RuleRequest,
  type ShownRule,
  type ShownRuleBook,
} from './rules.schema.js';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag of the rules that the change is meant for: 412 where they were changed meanwhile.',
};

/** Where events go. Every change answers with all rules, since their order is a part of what they mean. */
@ApiTags('Routing')
@Controller('api/v1/rules')
@UseInterceptors(VersionTag)
export class RulesController {
  constructor(
    @Inject(RulesService) private readonly rules: RulesService,
    @Inject(RoutingDryRun) private readonly dryRuns: RoutingDryRun,
  ) {}

  @Get()
  @RequireScope('streams:admin')
  @ApiOperation({
    summary: 'Where events go',
    description:
      'The routing rules of the tenant, in the order that they are asked in. The first that is for an event decides, unless it says `continue`.',
  })
  @ApiResponse({ status: 200, standardSchema: ruleBookSchema })
  list(@Caller() caller: Principal): Promise<ShownRuleBook> {
    return this.rules.list(caller);
  }

  @Put()
  @RequireScope('streams:admin')
  @Audited<RulesController>({
    action: 'rules.replace',
    state: async (rules, { caller }) => {
      const all = (await rules.list(caller)).rules;
      return { order: all.map(({ name }) => name), rules: byName(all.map(settled)) };
    },
  })
  @ApiOperation({
    summary: 'Replace all rules',
    description:
      'All of them or none, in this order: in one change, so that nothing is routed by half of them.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: ruleBookSchema })
  replace(
    @Caller() caller: Principal,
    @Body({ schema: ruleBookRequestSchema }) value: RuleBookRequest,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<ShownRuleBook> {
    return this.rules.replace(caller, { value, ifVersion: versionOf(ifMatch) });
  }

  @Post('dry-run')
  @HttpCode(200)
  @RequireScope('streams:admin')
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'Where some events would go',
    description:
      'By the rules in force, or by others that are to be tried: which rules are for each line, where it would go or which policy would drop it, and the event that it would be there. Nothing is stored or counted.',
  })
  @ApiResponse({
    status: 200,
    description: 'One result for each line.',
    standardSchema: routingDryRunAnswerSchema,
  })
  dryRun(
    @Caller() caller: Principal,
    @Body({ schema: routingDryRunSchema }) request: RoutingDryRunRequest,
  ): Promise<RoutingDryRunAnswer> {
    return this.dryRuns.run(caller, request);
  }

  @Get(':rule')
  @RequireScope('streams:admin')
  @ApiOperation({ summary: 'One rule', description: 'With what it did since the server began.' })
  @ApiResponse({ status: 200, standardSchema: shownRuleSchema })
  find(@Caller() caller: Principal, @Param('rule') name: string): Promise<ShownRule> {
    return this.rules.find(caller, name);
  }

  @Put(':rule')
  @RequireScope('streams:admin')
  @Audited<RulesController>({
    action: 'rule.put',
    state: async (rules, { caller, params }) => settled(await rules.find(caller, params['rule'] ?? '')),
  })
  @ApiOperation({
    summary: 'Make or change a rule',
    description:
      'A new one is the last. In force at once for what this process takes, and within 5 s elsewhere; what was accepted before stays where it went.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'All rules.', standardSchema: ruleBookSchema })
  put(
    @Caller() caller: Principal,
    @Param('rule') name: string,
    @Body({ schema: ruleSchema }) value: RuleRequest,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<ShownRuleBook> {
    return this.rules.put(caller, name, { value, ifVersion: versionOf(ifMatch) });
  }

  @Patch(':rule')
  @RequireScope('streams:admin')
  @Audited<RulesController>({
    action: 'rule.move',
    state: async (rules, { caller, params }) => {
      const all = (await rules.list(caller)).rules;
      const at = all.findIndex(({ name }) => name === params['rule']);
      return { position: at, enabled: all[at]?.enabled };
    },
  })
  @ApiOperation({
    summary: 'Enable, disable or move a rule',
    description: 'A disabled rule is asked nothing, and keeps its place.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'All rules.', standardSchema: ruleBookSchema })
  patch(
    @Caller() caller: Principal,
    @Param('rule') name: string,
    @Body({ schema: rulePatchSchema }) value: RulePatch,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<ShownRuleBook> {
    return this.rules.patch(caller, name, { value, ifVersion: versionOf(ifMatch) });
  }

  @Delete(':rule')
  @RequireScope('streams:admin')
  @Audited<RulesController>({
    action: 'rule.delete',
    state: async (rules, { caller, params }) => settled(await rules.find(caller, params['rule'] ?? '')),
  })
  @ApiOperation({ summary: 'Take a rule away', description: 'What it sent elsewhere stays there.' })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'The rules that are left.', standardSchema: ruleBookSchema })
  remove(
    @Caller() caller: Principal,
    @Param('rule') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<ShownRuleBook> {
    return this.rules.remove(caller, name, versionOf(ifMatch));
  }
}

/** What an admin says of a rule, without what changes by itself. */
function settled(rule: ShownRule): Omit<ShownRule, 'counts' | 'changed_at' | 'changed_by'> {
  const { counts: _counts, changed_at: _at, changed_by: _by, ...said } = rule;
  return said;
}
