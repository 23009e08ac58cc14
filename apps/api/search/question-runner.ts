import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { TooManyGroupsError, type EventSelection } from '#plugin-kit';
import { Problem } from '../problems/problem.js';
import { SearchSlots } from './search-slots.js';
import { SharedWork } from './shared-work.js';

/** A question about the caller's events, other than a search. */
interface Ask {
  readonly caller: Principal;
  /** What sort of question it is. */
  readonly kind: string;
  readonly question: EventSelection;
  readonly signal: AbortSignal;
}

/** Asks questions within the limits of searches; who asks the same at the same time is answered by one execution. */
@Injectable()
export class QuestionRunner {
  constructor(
    @Inject(SearchSlots) private readonly slots: SearchSlots,
    @Inject(SharedWork) private readonly shared: SharedWork,
  ) {}

  /** @throws Problem `too_many_searches`, `too_many_groups`; TierError */
  async run<T>(
    { caller, kind, question, signal }: Ask,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.slots.run(caller.keyId, () => this.shared.run(nameOf(kind, question), signal, work));
    } catch (error) {
      throw problemOf(error);
    }
  }
}

/** Names a question and whose it is: every part of it but the streams' types. */
function nameOf(kind: string, { streams, ...question }: EventSelection): string {
  const names = streams.map(({ name }) => name);
  return JSON.stringify({ kind, ...question, names }, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

/** An answer that would be too large has a code of its own; its message is ours and says how to mend it. */
function problemOf(error: unknown): unknown {
  return error instanceof TooManyGroupsError
    ? new Problem('too_many_groups', error.message, { cause: error })
    : error;
}
