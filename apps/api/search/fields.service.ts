import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import type { FieldReport, FieldsResult } from '#plugin-kit';
import { ArchiveSpanningTiers } from './archive-spanning-tiers.js';
import { SAMPLE_EVENTS, type FieldsRequest } from './fields-request.schema.js';
import { QuestionRunner } from './question-runner.js';
import { filtersOf } from './selection-query.schema.js';
import { SelectionReader } from './selection-reader.js';
import { shownStats } from './shown-stats.js';

/** Says which fields the events of the caller's tenant have. */
@Injectable()
export class FieldsService {
  constructor(
    @Inject(ArchiveSpanningTiers) private readonly tiers: ArchiveSpanningTiers,
    @Inject(SelectionReader) private readonly selections: SelectionReader,
    @Inject(QuestionRunner) private readonly questions: QuestionRunner,
  ) {}

  /** @throws Problem; TierError where the engine can't answer. */
  async describe(caller: Principal, request: FieldsRequest, signal: AbortSignal) {
    const { field, top, filter = [], ...selected } = request;
    const selection = await this.selections.read(caller, { ...selected, filters: filtersOf(filter) });
    const bounds = { topValues: top, sampleEvents: SAMPLE_EVENTS };
    const question = { ...selection, ...bounds, ...(field !== undefined && { field }) };
    const ask = { caller, kind: 'fields', question, signal };
    return toAnswer(await this.questions.run(ask, (shared) => this.tiers.fields(question, shared)));
  }
}

function toAnswer({ events, sampled, fields, isCut, stats }: FieldsResult) {
  return {
    events,
    sample: { events: sampled, limit: SAMPLE_EVENTS, is_whole: sampled === events },
    fields: fields.map(toField),
    is_cut: isCut,
    stats: shownStats(stats),
  };
}

function toField({ name, types, declaredIn, events, of, ...values }: FieldReport) {
  return {
    name,
    types,
    declared: declaredIn.length > 0,
    declared_in: declaredIn,
    events,
    events_looked_at: of,
    share: of === 0 ? 0 : events / of,
    cardinality: values.cardinality,
    cardinality_is_exact: values.isExact,
    top_values: values.topValues,
  };
}
