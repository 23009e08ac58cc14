import {
  Body,
  Controller,
  Delete,
  Get,
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
import { byName, without } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { VersionTag } from '../routing/version-tag.js';
import { versionOf } from '../settings/if-match.js';
import {
  policyBookSchema,
  policyRequestSchema,
  policyVersionsSchema,
  rollBackSchema,
  shownPolicySchema,
  type PolicyRequest,
  type RollBackRequest,
  type ShownPolicy,
  type ShownPolicyBook,
  type ShownPolicyVersions,
} from './policies.schema.js';
import { RetentionPoliciesService } from './policies.service.js';
import { MAY_READ, MAY_WRITE } from './retention-scopes.js';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description:
    'The ETag of the policies that the change is meant for: 412 where they were changed meanwhile.',
};

/** How long events are kept. A change deletes nothing by itself: see the plan. */
@ApiTags('Retention')
@Controller('api/v1/retention')
@UseInterceptors(VersionTag)
export class RetentionPoliciesController {
  constructor(@Inject(RetentionPoliciesService) private readonly policies: RetentionPoliciesService) {}

  @Get('policies')
  @RequireScope(MAY_READ)
  @ApiOperation({
    summary: 'How long events are kept',
    description:
      'The policies of the tenant, and what counts for streams that none is for. The nearest counts: that of the stream, then of its event type, then of the tenant.',
  })
  @ApiResponse({ status: 200, standardSchema: policyBookSchema })
  list(@Caller() caller: Principal): Promise<ShownPolicyBook> {
    return this.policies.list(caller);
  }

  @Get('policies/:policy')
  @RequireScope(MAY_READ)
  @ApiOperation({ summary: 'One retention policy', description: 'With who changed it last.' })
  @ApiResponse({ status: 200, standardSchema: shownPolicySchema })
  find(@Caller() caller: Principal, @Param('policy') name: string): Promise<ShownPolicy> {
    return this.policies.find(caller, name);
  }

  @Put('policies/:policy')
  @RequireScope(MAY_WRITE)
  @Audited<RetentionPoliciesController>({
    action: 'retention-policy.put',
    state: async (policies, { caller, params }) => said(await policies.find(caller, params['policy'] ?? '')),
  })
  @ApiOperation({
    summary: 'Make or change a retention policy',
    description:
      'It counts for events that are stored already, too. Nothing is deleted by this: what it would delete, a plan says (`POST /retention/plan`, which takes policies that are not saved yet).',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'All policies.', standardSchema: policyBookSchema })
  put(
    @Caller() caller: Principal,
    @Param('policy') name: string,
    @Body({ schema: policyRequestSchema }) request: PolicyRequest,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<ShownPolicyBook> {
    return this.policies.put(caller, name, request, versionOf(ifMatch));
  }

  @Delete('policies/:policy')
  @RequireScope(MAY_WRITE)
  @Audited<RetentionPoliciesController>({
    action: 'retention-policy.delete',
    state: async (policies, { caller, params }) => said(await policies.find(caller, params['policy'] ?? '')),
  })
  @ApiOperation({
    summary: 'Take a retention policy away',
    description: 'What it was for follows the next one: that of the event type, the tenant, or the setting.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'The policies that are left.', standardSchema: policyBookSchema })
  remove(
    @Caller() caller: Principal,
    @Param('policy') name: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<ShownPolicyBook> {
    return this.policies.remove(caller, name, versionOf(ifMatch));
  }

  @Get('versions')
  @RequireScope(MAY_READ)
  @ApiOperation({
    summary: 'The policies as they were',
    description: 'Each change made a version, with who made it and by which plan.',
  })
  @ApiResponse({ status: 200, standardSchema: policyVersionsSchema })
  versions(@Caller() caller: Principal): Promise<ShownPolicyVersions> {
    return this.policies.versions(caller);
  }

  @Post('rollback')
  @HttpCode(200)
  @RequireScope(MAY_WRITE)
  @Audited<RetentionPoliciesController>({
    action: 'retention-policies.roll-back',
    state: async (policies, { caller }) =>
      byName((await policies.list(caller)).policies, 'keep', 'max_bytes', 'max_disk_share', 'class'),
  })
  @ApiOperation({
    summary: 'Go back to policies as they were',
    description:
      'All of them in one change, as a new version. Events that were deleted by the newer ones do not come back.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, description: 'All policies.', standardSchema: policyBookSchema })
  rollBack(
    @Caller() caller: Principal,
    @Body({ schema: rollBackSchema }) { version }: RollBackRequest,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<ShownPolicyBook> {
    return this.policies.rollBack(caller, version, versionOf(ifMatch));
  }
}

/** What an admin says of a policy. */
function said(policy: ShownPolicy): unknown {
  return without(policy, 'changed_at', 'changed_by');
}
