import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { toAnswer, toQuestion } from './aggregate-question.js';
import type { AggregateRequest } from './aggregate-request.schema.js';
import { ArchiveSpanningTiers } from './archive-spanning-tiers.js';
import { QuestionRunner } from './question-runner.js';
import { SelectionReader } from './selection-reader.js';

/** Computes figures over events of the caller's tenant. */
@Injectable()
export class AggregateService {
  constructor(
    @Inject(ArchiveSpanningTiers) private readonly tiers: ArchiveSpanningTiers,
    @Inject(SelectionReader) private readonly selections: SelectionReader,
    @Inject(QuestionRunner) private readonly questions: QuestionRunner,
  ) {}

  /** @throws Problem; TierError where the engine can't answer. */
  async aggregate(caller: Principal, request: AggregateRequest, signal: AbortSignal) {
    const question = toQuestion(await this.selections.read(caller, request), request);
    const ask = { caller, kind: 'aggregate', question, signal };
    const result = await this.questions.run(ask, (shared) => this.tiers.aggregate(question, shared));
    return toAnswer(question, result);
  }
}
