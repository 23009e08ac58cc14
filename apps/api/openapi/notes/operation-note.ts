import type { ProblemCodeName } from '../../problems/problem-codes.js';

/** Where an answer's example depends on its content type. */
export class ExamplesByType {
  constructor(readonly examples: Readonly<Record<string, unknown>>) {}
}

/** What the description of an operation has besides its decorators: examples that work, and the failures of its own. */
export interface OperationNote {
  /** A body to try it with, where its decorators give none. */
  readonly request?: unknown;
  /** Values of query parameters to try it with, where it would not do without. */
  readonly query?: Readonly<Record<string, unknown>>;
  /** An answer for each status of success. */
  readonly answers?: Readonly<Record<number, unknown>>;
  /** Codes besides those that every operation of its kind may answer with. */
  readonly problems?: readonly ProblemCodeName[];
}

/** Notes by operationId. */
export type OperationNotes = Readonly<Record<string, OperationNote>>;
