import type { Catalogue } from '#catalogue';
import { formatTimestamp, parseTime } from '#event-model';
import type { AuditChain } from './audit-chain.js';
import {
  ENTRIES,
  idOf,
  PRUNED,
  readHead,
  readPage,
  readPruned,
  STATE,
  type Pruned,
} from './audit-documents.js';
import type { AuditEntry, AuditFacts } from './audit-entry.js';

/** At most a week goes at a time: a clock that jumped ahead costs no more than that until somebody looks. */
const MOST_NS = 7n * 86_400n * 1_000_000_000n;

/** Removes entries from the old end. */
export class ChainPruner {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly chain: AuditChain,
  ) {}

  /**
   * Removes the oldest entries up to the first that is not older, at most a week of them. First an entry says so, with the
   * hash that the chain goes on from; what a crash leaves behind that is removed the next time.
   *
   * @param before RFC 3339, as entries have it
   * @returns how many were removed
   */
  async prune(before: string): Promise<number> {
    await this.#remove(await readPruned(this.catalogue));
    const last = await this.#lastBefore(before);
    if (!last) return 0;
    const first = ((await readPruned(this.catalogue))?.through ?? 0) + 1;
    const pruned = { through: last.sequence, hash: last.hash };
    await this.chain.append(pruneFacts(pruned, first), ({ sequence }) => [
      { collection: STATE, id: PRUNED, value: { ...pruned, sequence } satisfies Pruned },
    ]);
    await this.#remove({ ...pruned, sequence: 0 });
    return last.sequence - first + 1;
  }

  /** The last of the oldest that may go. The newest of all stays in any case. */
  async #lastBefore(before: string): Promise<AuditEntry | undefined> {
    const head = (await readHead(this.catalogue))?.sequence ?? 0;
    let last: AuditEntry | undefined;
    let limit = before;
    for (let after = (await readPruned(this.catalogue))?.through ?? 0; ;) {
      const page = await readPage(this.catalogue, after);
      for (const { sequence, entry } of page) {
        if (sequence === undefined) continue;
        if (sequence >= head) return last;
        after = sequence;
        // One that can't be read goes with those around it.
        if (!entry) continue;
        if (!last) limit = earlier(before, entry.time);
        if (entry.time >= limit) return last;
        last = entry;
      }
      if (!page.some(({ sequence }) => sequence !== undefined)) return last;
    }
  }

  async #remove(pruned: Pruned | undefined): Promise<void> {
    for (; pruned;) {
      const page = await readPage(this.catalogue, 0);
      const gone = page.flatMap(({ sequence }) =>
        sequence !== undefined && sequence <= pruned.through ? [sequence] : [],
      );
      if (gone.length === 0) return;
      await this.catalogue.write(
        gone.map((sequence) => ({ collection: ENTRIES, id: idOf(sequence), value: undefined })),
      );
    }
  }
}

/** What comes first: the limit, or a week behind the oldest entry. */
function earlier(limit: string, oldest: string): string {
  const week = formatTimestamp((parseTime(oldest) ?? 0n) + MOST_NS);
  return week < limit ? week : limit;
}

function pruneFacts(pruned: { readonly through: number; readonly hash: string }, first: number): AuditFacts {
  return {
    ...{ actor: { kind: 'appliance' }, tenant: null, action: 'audit.prune', object: null, outcome: 'done' },
    changes: [
      { field: 'from', after: first },
      { field: 'through', after: pruned.through },
      { field: 'hash', after: pruned.hash },
    ],
  };
}
