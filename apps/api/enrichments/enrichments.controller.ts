import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { pick } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { EnrichmentsService } from './enrichments.service.js';
import {
  enrichmentDryRunAnswerSchema,
  enrichmentDryRunSchema,
  enrichmentListSchema,
  enrichmentSchema,
  storedEnrichmentSchema,
  type EnrichmentDryRun,
  type EnrichmentDryRunAnswer,
  type EnrichmentRequest,
  type ShownEnrichment,
  type ShownEnrichments,
} from './enrichments.schema.js';

@ApiTags('Enrichments')
@Controller('api/v1/enrichments')
export class EnrichmentsController {
  constructor(@Inject(EnrichmentsService) private readonly service: EnrichmentsService) {}

  @Get()
  @RequireScope('streams:admin')
  @ApiOperation({
    summary: 'What is added to events, and what kinds there are',
    description: 'Those of the tenant, with their counters.',
  })
  @ApiResponse({ status: 200, standardSchema: enrichmentListSchema })
  list(@Caller() caller: Principal): Promise<ShownEnrichments> {
    return this.service.list(caller);
  }

  @Get(':enrichment')
  @RequireScope('streams:admin')
  @ApiOperation({
    summary: 'One enrichment',
    description: 'What it adds, by which data, and how often it did.',
  })
  @ApiResponse({ status: 200, standardSchema: storedEnrichmentSchema })
  find(@Caller() caller: Principal, @Param('enrichment') name: string): Promise<ShownEnrichment> {
    return this.service.find(caller, name);
  }

  @Put(':enrichment')
  @RequireScope('streams:admin')
  @Audited<EnrichmentsController>({
    action: 'enrichment.put',
    state: async (enrichments, { caller, params }) =>
      pick(
        await enrichments.find(caller, params['enrichment'] ?? ''),
        ...['kind', 'options', 'streams', 'field', 'prefix'],
      ),
  })
  @ApiOperation({
    summary: 'Make or change an enrichment',
    description:
      'Its data is opened first: where that fails, nothing is changed. In force at once for what this process stores, and within 5 s elsewhere. Fields that an event has stay as they are; what is stored already gets none.',
  })
  @ApiResponse({ status: 200, standardSchema: storedEnrichmentSchema })
  put(
    @Caller() caller: Principal,
    @Param('enrichment') name: string,
    @Body({ schema: enrichmentSchema }) request: EnrichmentRequest,
  ): Promise<ShownEnrichment> {
    return this.service.put(caller, name, request);
  }

  @Delete(':enrichment')
  @RequireScope('streams:admin')
  @Audited<EnrichmentsController>({
    action: 'enrichment.delete',
    state: async (enrichments, { caller, params }) =>
      pick(
        await enrichments.find(caller, params['enrichment'] ?? ''),
        ...['kind', 'options', 'streams', 'field', 'prefix'],
      ),
  })
  @ApiOperation({ summary: 'Take an enrichment away', description: 'What it added stays.' })
  @ApiResponse({
    status: 200,
    description: 'The enrichment as it was.',
    standardSchema: storedEnrichmentSchema,
  })
  remove(@Caller() caller: Principal, @Param('enrichment') name: string): Promise<ShownEnrichment> {
    return this.service.remove(caller, name);
  }

  @Post(':enrichment/reload')
  @HttpCode(200)
  @RequireScope('streams:admin')
  @Audited<EnrichmentsController>({
    action: 'enrichment.reload',
    made: (enrichment) => pick(enrichment as object, 'state', 'data'),
  })
  @ApiOperation({
    summary: 'Open the data of an enrichment anew',
    description:
      'Now, in this process; a changed file is opened without it too, within some seconds. Where it can not be opened, the data before stays in use and `last_error` says why.',
  })
  @ApiResponse({ status: 200, standardSchema: storedEnrichmentSchema })
  reload(@Caller() caller: Principal, @Param('enrichment') name: string): Promise<ShownEnrichment> {
    return this.service.reload(caller, name);
  }

  @Post('dry-run')
  @HttpCode(200)
  @RequireScope('streams:admin')
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'What would be added to some events',
    description: 'By the enrichments in force, or by others that are to be tried. Nothing is stored.',
  })
  @ApiResponse({
    status: 200,
    description: 'One result for each event.',
    standardSchema: enrichmentDryRunAnswerSchema,
  })
  dryRun(
    @Caller() caller: Principal,
    @Body({ schema: enrichmentDryRunSchema }) request: EnrichmentDryRun,
  ): Promise<EnrichmentDryRunAnswer> {
    return this.service.dryRun(caller, request);
  }
}
