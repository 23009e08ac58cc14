import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access';
import { formatTimestamp } from '#event-model';
import type { ParserVersion } from '#plugin-host';
import { Audited } from '../audit/audited.decorator.js';
import { pick } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { Problem } from '../problems/problem.js';
import { whileClientListens } from '../requests/client-gone.js';
import { VersionDiffService } from './version-diff.service.js';
import { unusable, VersionFinder } from './version-finder.js';
import {
  activateSchema,
  diffAnswerSchema,
  diffRequestSchema,
  versionListSchema,
  type ActivateRequest,
  type DiffAnswer,
  type DiffRequest,
  type VersionList,
} from './versions.schema.js';

@ApiTags('Workbench')
@Controller('api/v1/parsers/:parser')
export class VersionsController {
  constructor(
    @Inject(VersionFinder) private readonly finder: VersionFinder,
    @Inject(VersionDiffService) private readonly diffs: VersionDiffService,
  ) {}

  @Get('versions')
  @RequireScope(['logs:read', 'streams:admin', 'system'])
  @ApiOperation({
    summary: 'The versions of a parser',
    description:
      'Those that are kept, so that they can be compared, tried on live traffic, and rolled back to. Built-in parsers have none.',
  })
  @ApiResponse({ status: 200, standardSchema: versionListSchema })
  async list(@Param('parser') parser: string): Promise<VersionList> {
    return shown(parser, await this.finder.list(parser));
  }

  @Post('versions/:version/activate')
  @HttpCode(200)
  @RequireScope('system')
  @Audited<VersionsController>({
    action: 'parser.activate',
    of: 'appliance',
    object: ({ params }) => params['parser'],
    state: (versions, { params }) => versions.active(params['parser'] ?? ''),
  })
  @ApiOperation({
    summary: 'Let a version read what comes in',
    description:
      'At once, without a restart, and also after one. Blocks under way end with the version that they began with. It is held: a version that comes later stands beside it until it is activated. One that is not trusted can’t be activated.',
  })
  @ApiResponse({
    status: 200,
    description: 'The versions, as they are now.',
    standardSchema: versionListSchema,
  })
  async activate(
    @Param('parser') parser: string,
    @Param('version') version: string,
    @Body({ schema: activateSchema }) { hold }: ActivateRequest,
  ): Promise<VersionList> {
    const { id } = await this.finder.find(parser, version);
    return this.#bringIn(parser, id, hold);
  }

  @Post('rollback')
  @HttpCode(200)
  @RequireScope('system')
  @Audited<VersionsController>({
    action: 'parser.roll-back',
    of: 'appliance',
    object: ({ params }) => params['parser'],
    state: (versions, { params }) => versions.active(params['parser'] ?? ''),
  })
  @ApiOperation({
    summary: 'Go back to the version that was active before',
    description:
      'As activating it does. Its files are kept, so it works whatever lies in its folder now. A second time leads back again.',
  })
  @ApiResponse({
    status: 200,
    description: 'The versions, as they are now.',
    standardSchema: versionListSchema,
  })
  async rollBack(@Param('parser') parser: string): Promise<VersionList> {
    const before = (await this.finder.list(parser)).find(({ isBefore }) => isBefore);
    if (!before)
      throw new Problem('no_version_before', `No version of the parser "${parser}" was active before.`);
    return this.#bringIn(parser, before.id, true);
  }

  @Post('diff')
  @HttpCode(200)
  @RequireScope(['logs:read', 'events:write', 'streams:admin', 'quarantine:read'])
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'Compare two versions of a parser on the same lines',
    description:
      'Lines that are pasted, or the newest of a stream or of quarantine. Nothing is stored. Says for each line whether both make the same of it, which fields differ, and whether only one of them reads it.',
  })
  @ApiResponse({ status: 200, description: 'One entry for each line.', standardSchema: diffAnswerSchema })
  diff(
    @Caller() caller: Principal,
    @Param('parser') parser: string,
    @Body({ schema: diffRequestSchema }) request: DiffRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DiffAnswer> {
    return whileClientListens(reply.raw, (signal) => this.diffs.compare(caller, parser, request, signal));
  }

  /** The version that reads what comes in; undefined where the parser has none. @throws Problem `parser_not_found` */
  async active(parser: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const active = (await this.list(parser)).versions.find((version) => version.active);
    return active && pick(active, 'id', 'version', 'held');
  }

  async #bringIn(parser: string, id: string, hold: boolean): Promise<VersionList> {
    const problems = await this.finder.versions.activate(parser, id, hold);
    if (problems.length > 0) throw unusable(parser, problems);
    return this.list(parser);
  }
}

function shown(parser: string, versions: readonly ParserVersion[]): VersionList {
  return {
    parser,
    versions: versions.map((one) => ({
      id: one.id,
      version: one.version,
      active: one.isActive,
      held: one.isHeld,
      before: one.isBefore,
      trusted: one.isTrusted,
      since: formatTimestamp(BigInt(one.since) * 1_000_000n),
    })),
  };
}
