import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { TooManyGroupsError } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { toAnswer, toQuestion } from './aggregate-question.js';
import type { AggregateRequest } from './aggregate-request.schema.js';
import { SelectionReader } from './selection-reader.js';

/** Computes figures over events of the caller's tenant. */
@Injectable()
export class AggregateService {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(SelectionReader) private readonly selections: SelectionReader,
  ) {}

  /** @throws Problem; TierError where the engine can't answer. */
  async aggregate(caller: Principal, request: AggregateRequest, signal: AbortSignal) {
    const question = toQuestion(await this.selections.read(caller, request), request);
    try {
      return toAnswer(question, await this.tiers.aggregating.aggregate(question, signal));
    } catch (error) {
      throw withoutInternals(error);
    }
  }
}

/** An answer that would be too large has a code of its own; its message is ours and says how to mend it. */
export function withoutInternals(error: unknown): unknown {
  return error instanceof TooManyGroupsError
    ? new Problem('too_many_groups', error.message, { cause: error })
    : error;
}
