import type { KeptEntry, Pruned } from './audit-documents.js';
import type { AuditEntry, ChainHead } from './audit-entry.js';
import { hashOf, NO_ENTRY } from './entry-hash.js';

/**
 * `unreadable`, `changed`: the entry is not what was written. `missing`: it is gone. `misplaced`: it stands where another
 * was. `unlinked`: it doesn't follow the one before. `added`: nobody appended it. `cut`: the newest entries are gone.
 */
export const CHAIN_PROBLEMS = [
  'unreadable',
  'changed',
  'missing',
  'misplaced',
  'unlinked',
  'added',
  'cut',
] as const;
export type ChainProblem = (typeof CHAIN_PROBLEMS)[number];

/** The first entry that is not as it was written. */
export interface BrokenLink {
  readonly sequence: number;
  readonly problem: ChainProblem;
  /** What is wrong, in words. */
  readonly detail: string;
}

/** Follows the links of a chain, entry by entry, and keeps the first that is broken. */
export class ChainCheck {
  #last: ChainHead;
  #broken: BrokenLink | undefined;
  #entries = 0;
  #sawPruning: boolean;

  /**
   * @param pruned what was removed from the old end: entries begin behind it
   * @param said where the chain was said to end before the first entry was read
   */
  constructor(
    private readonly pruned: Pruned | undefined,
    private readonly said: ChainHead | undefined,
  ) {
    this.#last = pruned ? { sequence: pruned.through, hash: pruned.hash } : NO_ENTRY;
    this.#sawPruning = !pruned;
  }

  get entries(): number {
    return this.#entries;
  }

  /** The last entry that was taken. */
  get last(): ChainHead {
    return this.#last;
  }

  take(kept: KeptEntry): void {
    this.#entries += 1;
    this.#broken ??= this.#problemOf(kept);
    const { sequence = this.#last.sequence, entry } = kept;
    this.#last = { sequence, hash: entry?.hash ?? '' };
    if (entry) this.#sawPruning ||= isPruning(entry, this.pruned);
  }

  /**
   * What is broken, if anything.
   *
   * @param said where the chain was said to end after the last entry was read
   */
  end(said: ChainHead | undefined): BrokenLink | undefined {
    return this.#broken ?? this.#endProblem(said);
  }

  #problemOf(kept: KeptEntry): BrokenLink | undefined {
    const { sequence, entry } = kept;
    const expected = this.#last.sequence + 1;
    if (sequence === undefined) return broken(expected, 'added', 'A document that is no entry stands here.');
    if (sequence !== expected)
      return broken(expected, 'missing', `It is gone; the next that is there is ${sequence}.`);
    if (!entry) return broken(sequence, 'unreadable', 'Its bytes are no JSON any more.');
    return this.#contentProblem(sequence, entry, kept.version);
  }

  #contentProblem(sequence: number, entry: AuditEntry, version: number | undefined): BrokenLink | undefined {
    if (entry.sequence !== sequence)
      return broken(sequence, 'misplaced', `What stands here says that it is entry ${entry.sequence}.`);
    if (version !== 1)
      return broken(sequence, 'changed', `It was written ${version} times; entries are written once.`);
    if (hashOf(withoutHash(entry)) !== entry.hash)
      return broken(sequence, 'changed', 'Its contents are not what its hash was made of.');
    if (entry.previous !== this.#last.hash)
      return broken(sequence, 'unlinked', 'It names another hash than the entry before it has.');
    if (entry.action === 'audit.head-lost')
      return broken(sequence, 'cut', 'Before it was written, newer entries had been removed or changed.');
    return sequence === this.said?.sequence && entry.hash !== this.said.hash
      ? broken(sequence, 'changed', 'It is another one than was written last.')
      : undefined;
  }

  #endProblem(said: ChainHead | undefined): BrokenLink | undefined {
    const { sequence } = this.#last;
    if (this.said && this.said.sequence > sequence)
      return broken(sequence + 1, 'cut', `It is gone, and all up to ${this.said.sequence}.`);
    if (said && sequence > said.sequence)
      return broken(said.sequence + 1, 'added', `The last that was written is ${said.sequence}.`);
    if (!said && sequence > 0) return broken(sequence, 'cut', 'What says where the chain ends is gone.');
    if (this.#sawPruning || !this.pruned) return undefined;
    const { through, sequence: says } = this.pruned;
    return broken(through, 'missing', `No entry says that those up to here were removed; ${says} should.`);
  }
}

/** Whether an entry says that this was removed. */
function isPruning({ action, sequence, changes }: AuditEntry, pruned: Pruned | undefined): boolean {
  const said = (field: string): unknown => changes.find((change) => change.field === field)?.after;
  return (
    action === 'audit.prune' &&
    sequence === pruned?.sequence &&
    said('through') === pruned.through &&
    said('hash') === pruned.hash
  );
}

function withoutHash({ hash: _hash, ...entry }: AuditEntry): Omit<AuditEntry, 'hash'> {
  return entry;
}

function broken(sequence: number, problem: ChainProblem, detail: string): BrokenLink {
  return { sequence, problem, detail };
}
