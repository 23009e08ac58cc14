import type { Catalogue } from '#catalogue';
import { AuditChain } from './audit-chain.js';
import { readHead, readPruned, type BegunFacts } from './audit-documents.js';
import type { AuditEntry, AuditFacts } from './audit-entry.js';
import { listEntries, type AuditPage, type AuditQuery, type AuditRange } from './audit-query.js';
import { BegunChanges, type BegunChange } from './begun-changes.js';
import { ChainPruner } from './chain-pruner.js';
import { ChainVerifier } from './chain-verifier.js';
import { SeenStates } from './seen-states.js';

export interface AuditRecordParts {
  readonly catalogue: Catalogue;
  /** Milliseconds since the epoch. Default: the machine's clock. */
  readonly now?: () => number;
  /** The name of this process, where it is one of several. */
  readonly process?: string;
  /** Marks places where tests may end the process: `audit.after-begin`, `audit.before-entry`. */
  readonly reach?: (faultPoint: string) => void;
}

/**
 * Who changed what, when: a chain of entries in which each holds the hash of the one before, so that none can be changed,
 * removed, added or moved unseen. Of several processes that append, each does so behind what it finds.
 */
export class AuditRecord {
  readonly verifier: ChainVerifier;
  readonly pruner: ChainPruner;
  /** What was changed without the API. */
  readonly seen: SeenStates;
  readonly #catalogue: Catalogue;
  readonly #chain: AuditChain;
  readonly #begun: BegunChanges;

  constructor({ catalogue, now = Date.now, reach = () => {}, process }: AuditRecordParts) {
    this.#catalogue = catalogue;
    this.#chain = new AuditChain(catalogue, now, process !== undefined);
    this.#begun = new BegunChanges(catalogue, this.#chain, reach, process);
    this.verifier = new ChainVerifier(catalogue, now);
    this.pruner = new ChainPruner(catalogue, this.#chain);
    this.seen = new SeenStates(catalogue, this.#chain);
  }

  /**
   * Records something that nobody waits for, or that changed nothing; durable when it resolves.
   *
   * @throws CatalogueError; then whether it was appended is unknown
   */
  append(facts: AuditFacts): Promise<AuditEntry> {
    return this.#chain.append(facts);
  }

  /**
   * Says, durably, that a change begins: call it before the first thing is changed, and answer nobody before it has ended.
   *
   * @throws CatalogueError; then nothing may be changed
   */
  begin(facts: BegunFacts): Promise<BegunChange> {
    return this.#begun.begin(facts);
  }

  /** Records what a killed process began; call it at the start, before anything can be changed. @returns how many */
  settleLeft(): Promise<number> {
    return this.#begun.settleLeft();
  }

  /** Tries entries again that could not be written since the start. */
  settleOwed(): Promise<void> {
    return this.#begun.settleOwed();
  }

  /** Entries, the newest first. */
  list(query: AuditQuery, range: AuditRange): Promise<AuditPage> {
    return listEntries(this.#catalogue, query, range);
  }

  /** How many entries there are, as the ends of the chain say. */
  async count(): Promise<number> {
    const head = (await readHead(this.#catalogue))?.sequence ?? 0;
    return head - ((await readPruned(this.#catalogue))?.through ?? 0);
  }
}
