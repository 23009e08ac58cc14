import { setTimeout as pause } from 'node:timers/promises';
import type { Catalogue } from '#catalogue';
import { formatTimestamp, nowNs } from '#event-model';
import { readFrom, readHead, readPruned, STATE, VERIFIED } from './audit-documents.js';
import type { ChainHead } from './audit-entry.js';
import { ChainCheck, type BrokenLink } from './chain-check.js';

/** What an append takes at most. */
const APPENDING_MS = 1_000;
const LOOK_MS = 50;

/** An entry whose number and hash somebody noted elsewhere. */
export interface Anchor {
  readonly sequence: number;
  readonly hash: string;
}

/**
 * `held`: the entry is there with this hash. `changed`: it has another one. `missing`: there is no such entry. `pruned`: the
 * retention has removed it, so nothing can be said.
 */
export const ANCHOR_STATES = ['held', 'changed', 'missing', 'pruned'] as const;
export type AnchorState = (typeof ANCHOR_STATES)[number];

export interface ChainReport {
  /** RFC 3339. */
  readonly verified_at: string;
  readonly whole: boolean;
  /** Entries that are there. */
  readonly entries: number;
  /** The first that is kept; 0 where there is none. */
  readonly oldest: number;
  readonly head: ChainHead;
  /** The first that is broken; absent where none is. */
  readonly broken?: BrokenLink;
}

/** Walks the whole chain, page by page. */
export class ChainVerifier {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly now: () => number,
  ) {}

  /**
   * @param anchor looked for on the way
   * @param signal ends the walk between two pages
   */
  async verify(
    anchor?: Anchor,
    signal?: AbortSignal,
  ): Promise<{ readonly report: ChainReport; readonly anchor?: AnchorState }> {
    const pruned = await readPruned(this.catalogue);
    const through = pruned?.through ?? 0;
    const check = new ChainCheck(pruned, await readHead(this.catalogue));
    let found = anchor?.sequence === pruned?.through ? pruned?.hash : undefined;
    for await (const kept of readFrom(this.catalogue, through)) {
      signal?.throwIfAborted();
      check.take(kept);
      if (anchor && kept.sequence === anchor.sequence) found = kept.entry?.hash ?? '';
    }
    const broken = check.end(await this.#saidEnd(check.last, signal));
    const report = this.#report(check, through, broken);
    await this.catalogue.write([{ collection: STATE, id: VERIFIED, value: report }]);
    return anchor ? { report, anchor: stateOf(anchor, found, through) } : { report };
  }

  /** The last report, of this process or one before it; undefined where the chain was never verified. */
  async last(): Promise<ChainReport | undefined> {
    return (await this.catalogue.read<ChainReport>(STATE, VERIFIED))?.value;
  }

  /** Of several processes, one that has just appended says so behind its entry. */
  async #saidEnd({ sequence }: ChainHead, signal?: AbortSignal): Promise<ChainHead | undefined> {
    for (let waited = 0; ; waited += LOOK_MS) {
      const said = await readHead(this.catalogue);
      if (!said || said.sequence >= sequence || waited >= APPENDING_MS) return said;
      await pause(LOOK_MS, undefined, { signal });
    }
  }

  #report(check: ChainCheck, through: number, broken: BrokenLink | undefined): ChainReport {
    return {
      verified_at: formatTimestamp(nowNs(this.now)),
      whole: broken === undefined,
      entries: check.entries,
      oldest: check.entries === 0 ? 0 : through + 1,
      head: check.last,
      ...(broken && { broken }),
    };
  }
}

function stateOf(anchor: Anchor, found: string | undefined, through: number): AnchorState {
  if (found === undefined) return anchor.sequence < through ? 'pruned' : 'missing';
  return found === anchor.hash ? 'held' : 'changed';
}
