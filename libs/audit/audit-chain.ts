import { ChangeQueue, type Catalogue, type Change } from '#catalogue';
import { formatTimestamp, nowNs } from '#event-model';
import { ENTRIES, HEAD, idOf, readEntry, readFrom, readHead, STATE } from './audit-documents.js';
import type { AuditEntry, AuditFacts, ChainHead } from './audit-entry.js';
import { NO_ENTRY, sealEntry } from './entry-hash.js';

/** The end of the chain as it is found, and what it was said to be where that is gone. */
interface FoundHead {
  readonly head: ChainHead;
  readonly lost?: ChainHead;
}

/** Changes that belong to an entry. */
export type Along = (entry: AuditEntry) => readonly Change[];

/** Appends to the chain, one entry after the other. */
export class AuditChain {
  readonly #turns = new ChangeQueue();
  #head: ChainHead | undefined;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly now: () => number,
    /** Whether other processes append too. */
    private readonly isShared = false,
  ) {}

  /**
   * Durable when it resolves.
   *
   * @param along what is written with the entry: where the catalogue's engine has transactions, in the same one
   * @throws CatalogueError; then whether it was appended is unknown
   */
  append(facts: AuditFacts, along: Along = () => []): Promise<AuditEntry> {
    return this.#turns.run(async () => {
      this.#head ??= await this.#open();
      return this.#write(facts, along);
    });
  }

  async #open(): Promise<ChainHead> {
    const { head, lost } = await findHead(this.catalogue);
    this.#head = head;
    if (lost) await this.#write(lostFacts(lost, head), () => []);
    return this.#head;
  }

  /** Another process may have appended meanwhile: then behind its entry. */
  async #write(facts: AuditFacts, along: Along): Promise<AuditEntry> {
    for (;;) {
      const entry = sealEntry(facts, this.#head ?? NO_ENTRY, formatTimestamp(nowNs(this.now)));
      const head: ChainHead = { sequence: entry.sequence, hash: entry.hash };
      // Whatever fails, the next one looks where the chain ends.
      this.#head = undefined;
      const own = { collection: ENTRIES, id: idOf(entry.sequence), value: entry, ifVersion: 0 };
      const isWritten = await this.#keep(own, head, along(entry));
      this.#head = isWritten ? head : (await findHead(this.catalogue)).head;
      if (isWritten) return entry;
    }
  }

  /** What goes with an entry must not be written where another process has taken the entry's place. */
  async #keep(own: Change, head: ChainHead, along: readonly Change[]): Promise<boolean> {
    const said = { collection: STATE, id: HEAD, value: head };
    const [outcome] = await this.catalogue.write(this.isShared ? [own] : [own, said, ...along]);
    const isWritten = outcome?.kind === 'written';
    if (!isWritten || !this.isShared) return isWritten;
    await sayHead(this.catalogue, head);
    if (along.length > 0) await this.catalogue.write(along);
    return true;
  }
}

/** Never says an end before one that is there: another process may have appended, and said so, meanwhile. */
async function sayHead(catalogue: Catalogue, head: ChainHead): Promise<void> {
  for (;;) {
    const said = await catalogue.read<ChainHead>(STATE, HEAD);
    if (said && said.value.sequence >= head.sequence && (await holds(catalogue, said.value))) return;
    const change = { collection: STATE, id: HEAD, value: head, ifVersion: said?.version ?? 0 };
    const [outcome] = await catalogue.write([change]);
    if (outcome?.kind === 'written') return;
  }
}

/** Whether an entry is there. One that can't be read is found by whoever verifies; its hash is known all the same. */
async function holds(catalogue: Catalogue, { sequence, hash }: ChainHead): Promise<boolean> {
  const kept = await readEntry(catalogue, sequence);
  return kept !== undefined && (kept.entry === undefined || kept.entry.hash === hash);
}

/** Where the chain ends: behind what was said last, since a crash may have come between an entry and that. */
async function findHead(catalogue: Catalogue): Promise<FoundHead> {
  const said = await readHead(catalogue);
  const isThere = said !== undefined && (await holds(catalogue, said));
  const head = await lastBehind(catalogue, isThere ? said : NO_ENTRY);
  if (isThere || head.sequence <= 1) return { head };
  return { head, lost: said ?? NO_ENTRY };
}

async function lastBehind(catalogue: Catalogue, start: ChainHead): Promise<ChainHead> {
  let head = start;
  for await (const { sequence, entry } of readFrom(catalogue, start.sequence))
    if (sequence !== undefined) head = { sequence, hash: entry?.hash ?? NO_ENTRY.hash };
  return head;
}

function lostFacts(said: ChainHead, found: ChainHead): AuditFacts {
  return {
    ...{ actor: { kind: 'appliance' }, tenant: null, action: 'audit.head-lost', object: null },
    outcome: 'done',
    changes: [
      { field: 'sequence', before: said.sequence, after: found.sequence },
      { field: 'head', before: said.hash, after: found.hash },
    ],
  };
}
