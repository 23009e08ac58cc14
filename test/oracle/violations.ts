/**
 * What a system under test can do wrong. `lost`: owed and not found. `twice`: found more than once. `not_issued`:
 * found and never sent, or refused. `partial`: some lines of an unanswered request, not all. `changed`: found with
 * another content. `wrong_place`: a good line in quarantine, or a bad one in the table.
 */
export type ViolationKind =
  | 'lost'
  | 'twice'
  | 'not_issued'
  | 'partial'
  | 'changed'
  | 'wrong_place'
  | 'miscounted'
  | 'unexpected_answer'
  | 'not_drained'
  | 'receipt'
  | 'roll_ups'
  | 'ledger'
  | 'not_live'
  | 'fault_not_fired'
  | 'bad_exit'
  | 'bad_start';

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

const EXAMPLES_KEPT = 5;

/** Counts everything that went wrong and keeps the first examples of each kind. */
export class Violations {
  /** Where it is that something goes wrong from now on, such as a round; it stands before each example. */
  where = '';
  private readonly examples: Violation[] = [];
  private readonly counts = new Map<ViolationKind, number>();

  add(kind: ViolationKind, detail: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count <= EXAMPLES_KEPT) this.examples.push({ kind, detail: `${this.where}${detail}` });
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  count(kind: ViolationKind): number {
    return this.counts.get(kind) ?? 0;
  }

  /** One line for each example, and the count of each kind. */
  describe(): string {
    const counts = [...this.counts].map(([kind, count]) => `${kind}: ${count}`);
    return [...counts, ...this.examples.map(({ kind, detail }) => `  ${kind}: ${detail}`)].join('\n');
  }
}
