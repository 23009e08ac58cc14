import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { SETTINGS, type Settings } from '#app-config';
import { formatTimestamp } from '#event-model';
import { NO_PLACE, PluginCatalog, type ShadowState } from '#plugin-host';
import { Audited } from '../audit/audited.decorator.js';
import { pick, textOf } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { mayTouch } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import { StreamSelector } from '../search/stream-selector.js';
import { unusable, VersionFinder } from './version-finder.js';
import {
  shadowListSchema,
  shadowRequestSchema,
  shadowSchema,
  type ShadowRequest,
  type ShownShadow,
} from './shadows.schema.js';

@ApiTags('Workbench')
@Controller('api/v1/parsers/:parser/shadows')
export class ShadowsController {
  constructor(
    @Inject(PluginCatalog) private readonly catalog: PluginCatalog,
    @Inject(VersionFinder) private readonly finder: VersionFinder,
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Post()
  @RequireScope('streams:admin')
  @Audited<ShadowsController>({
    action: 'parser.shadow',
    object: ({ params }, shadow) => [params['parser'], textOf(shadow, 'id') ?? []].flat().join('/'),
    made: (shadow) => pick(shadow as object, 'version', 'streams', 'per_mille'),
  })
  @ApiOperation({
    summary: 'Try a version on live traffic',
    description:
      'It reads a share of the lines beside the active version, and what it says is compared and never stored. It works for a tenth of the time at most and nothing waits for it; one that loops or leaks harms only itself. Up to 4 at once, 3 of one tenant; they end with the server.',
  })
  @ApiResponse({ status: 201, description: 'It has begun.', standardSchema: shadowSchema })
  async start(
    @Caller() caller: Principal,
    @Param('parser') parser: string,
    @Body({ schema: shadowRequestSchema }) request: ShadowRequest,
  ): Promise<ShownShadow> {
    if (!this.settings.boot.roles.includes('worker'))
      throw new Problem('role_elsewhere', 'Shadows read what the worker reads, which is another process.');
    const { id } = await this.finder.find(parser, request.version);
    const streams = request.streams ?? (caller.streams && [...caller.streams]);
    if (streams) await this.streams.some(caller, streams);
    const order = { tenant: caller.tenant, parser, version: id, perMille: request.per_mille };
    const started = await this.catalog.shadows.start(streams ? { ...order, streams } : order);
    if (started.problems?.[0] === NO_PLACE)
      throw new Problem('too_many_shadows', `It can't be started: ${NO_PLACE.what}.`);
    if (started.problems) throw unusable(parser, started.problems);
    return shown(started.value, false);
  }

  @Get()
  @RequireScope('logs:read')
  @ApiOperation({
    summary: 'What shadows of a parser saw',
    description:
      'Those of the tenant, on streams that the key may read, with the lines that both versions read otherwise; those that are in quarantine only with the scope `quarantine:read`.',
  })
  @ApiResponse({ status: 200, standardSchema: shadowListSchema })
  list(
    @Caller() caller: Principal,
    @Param('parser') parser: string,
  ): { readonly shadows: readonly ShownShadow[] } {
    const mayReadRefused = caller.scopes.has('quarantine:read');
    return { shadows: this.#seenBy(caller, parser).map((one) => shown(one, mayReadRefused)) };
  }

  @Delete(':shadow')
  @RequireScope('streams:admin')
  @Audited<ShadowsController>({
    action: 'parser.shadow-end',
    made: (shadow) => pick(shadow as object, 'version', 'streams', 'counts'),
  })
  @ApiOperation({ summary: 'End a shadow', description: 'The answer has its counts for the last time.' })
  @ApiResponse({ status: 200, description: 'What it saw, without lines.', standardSchema: shadowSchema })
  stop(
    @Caller() caller: Principal,
    @Param('parser') parser: string,
    @Param('shadow') id: string,
  ): ShownShadow {
    const known = this.#seenBy(caller, parser).some((one) => one.id === id);
    const ended = known ? this.catalog.shadows.stop(id) : undefined;
    if (!ended)
      throw new Problem('shadow_not_found', `The parser "${parser.slice(0, 80)}" has no such shadow.`);
    return { ...shown(ended, false), differences: [] };
  }

  /** A key that is held to some streams sees none that looks at others. */
  #seenBy(caller: Principal, parser: string): readonly ShadowState[] {
    return this.catalog.shadows
      .list(caller.tenant, parser)
      .filter(({ streams }) => streams?.every((name) => mayTouch(caller, name)) ?? !caller.streams);
  }
}

/** @param mayReadRefused whether lines may be shown that are in quarantine */
function shown(state: ShadowState, mayReadRefused: boolean): ShownShadow {
  const { id, parser, version, streams, perMille, startedAt, stoppedBecause, counts } = state;
  return {
    ...{ id, parser, version },
    streams: streams ? [...streams] : null,
    per_mille: perMille,
    started_at: formatTimestamp(BigInt(startedAt) * 1_000_000n),
    ...(stoppedBecause !== undefined && { stopped_because: stoppedBecause }),
    counts: { ...counts },
    differences: state.differences
      .filter(({ isQuarantined }) => mayReadRefused || !isQuarantined)
      .map(shownDifference),
  };
}

function shownDifference(one: ShadowState['differences'][number]): ShownShadow['differences'][number] {
  const { stream, source, received_at, line, outcome } = one;
  const changes = one.changes.map((change) => ({ ...change }));
  return { stream, source, received_at, line, outcome, changes };
}
