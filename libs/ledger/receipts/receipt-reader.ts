import type { FollowedEventBus, InspectableEventBus } from '#event-bus';
import { nthBlockId, requestRows, type BlockId } from '#event-model';
import { droppedBy, type PolicyCounts } from '../accounts/ledger-entry.js';
import type { KeptOutcome } from '../outcomes/block-outcome.js';
import { OUTCOME_LIFETIME_MS, type BlockOutcomes } from '../outcomes/block-outcomes.js';
import { countRows, listRows } from '../outcomes/row-ranges.js';
import { refusalOf, type Refusal } from './mend-for.js';
import type { Receipt } from './receipt.js';

/** Most refused rows that an answer lists. */
export const MAX_REFUSED = 100;

/** What became of the events of one request; the five numbers add up to `accepted`. */
export interface ReceiptVerdicts {
  readonly accepted: number;
  readonly stored: number;
  readonly quarantined: number;
  readonly deduplicated: number;
  readonly dropped: number;
  /** The dropped ones by policy; absent where there are none. */
  readonly dropped_by?: PolicyCounts;
  readonly pending: number;
  /** The first {@link MAX_REFUSED} quarantined events, by their index in the request. */
  readonly refused: readonly RefusedRow[];
}

export interface RefusedRow extends Refusal {
  /** Zero-based line of the request. */
  readonly index: number;
}

/** One block's share of a request. */
interface Share {
  readonly outcome: KeptOutcome;
  /** Rows of the block, inclusive. */
  readonly first: number;
  readonly last: number;
  /** Indexes in the request of rows of the block, ascending. */
  indexesOf(rows: readonly number[]): readonly number[];
}

/** The bus, which may be one that other processes publish on. */
type ReceiptBus = Pick<InspectableEventBus, 'pendingEvents'> & Partial<Pick<FollowedEventBus, 'catchUp'>>;

/** Answers receipts from what is pending on the bus and what the worker recorded. */
export class ReceiptReader {
  constructor(
    private readonly bus: ReceiptBus,
    private readonly outcomes: BlockOutcomes,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * The verdicts, or undefined where the request is so old that they are forgotten.
   *
   * @throws EventBusError `bus_unavailable` where the bus can't say what waits
   */
  async read(receipt: Receipt): Promise<ReceiptVerdicts | undefined> {
    const blocks = Array.from({ length: receipt.blocks }, (_, n) => nthBlockId(receipt.first, n));
    // Before the outcomes: a block leaves the bus only after its outcome is written, so none is missed between the two.
    const waiting = await this.#waiting(blocks);
    if (waiting.size === 0 && this.#isForgotten(receipt.first)) return undefined;
    const settled = isAllDropped(receipt) ? [] : blocks.filter((block) => !waiting.has(block));
    const outcomes = await this.outcomes.read(settled);
    const shares = [...outcomes.values()].map((outcome) => shareOf(receipt, outcome));
    return verdictsOf(receipt, shares, pendingOf(receipt, waiting));
  }

  /** A block that this process hasn't heard of yet is not settled: another one may have published it just now. */
  async #waiting(blocks: readonly BlockId[]): Promise<ReadonlyMap<BlockId, number>> {
    const known = this.#known(blocks);
    if (known.size === blocks.length || !this.bus.catchUp) return known;
    await this.bus.catchUp();
    return this.#known(blocks);
  }

  #known(blocks: readonly BlockId[]): ReadonlyMap<BlockId, number> {
    const events = blocks.map((block) => [block, this.bus.pendingEvents([block])] as const);
    return new Map(events.filter(([, count]) => count > 0));
  }

  #isForgotten(block: BlockId): boolean {
    return Number.parseInt(block.slice(0, 12), 16) + OUTCOME_LIFETIME_MS <= this.now();
  }
}

function acceptedOf(receipt: Receipt): number {
  return receipt.lastRow - receipt.firstRow + 1;
}

/** What policies dropped is in none of the blocks. */
function isAllDropped(receipt: Receipt): boolean {
  return sumOf(receipt.dropped) === acceptedOf(receipt);
}

/** Whether the rows are those of the block, which may have others' too. */
function mayShare({ blocks, dropped }: Receipt): boolean {
  return blocks === 1 && dropped === undefined;
}

function sumOf(counts: PolicyCounts = {}): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Blocks of a large request hold nothing else; a single block may be shared, and waits as a whole. */
function pendingOf(receipt: Receipt, waiting: ReadonlyMap<BlockId, number>): number {
  if (isAllDropped(receipt)) return 0;
  if (mayShare(receipt)) return waiting.size > 0 ? acceptedOf(receipt) : 0;
  return [...waiting.values()].reduce((sum, events) => sum + events, 0);
}

function shareOf(receipt: Receipt, outcome: KeptOutcome): Share {
  return mayShare(receipt)
    ? {
        ...{ outcome, first: receipt.firstRow, last: receipt.lastRow },
        indexesOf: (rows) => rows.map((row) => row - receipt.firstRow),
      }
    : { outcome, first: 0, last: outcome.count - 1, indexesOf: (rows) => requestRows(outcome, rows) };
}

function verdictsOf(receipt: Receipt, shares: readonly Share[], pending: number): ReceiptVerdicts {
  const sum = (of: (outcome: KeptOutcome) => readonly string[]): number =>
    shares
      .flatMap((share) => of(share.outcome).map((ranges) => countRows(ranges, share.first, share.last)))
      .reduce((total, count) => total + count, 0);
  const accepted = acceptedOf(receipt);
  const quarantined = sum((outcome) => Object.values(outcome.quarantined));
  const deduplicated = sum((outcome) => [outcome.deduplicated]);
  const policies = policiesOf(receipt, shares);
  const dropped = sumOf(policies);
  const stored = accepted - pending - quarantined - deduplicated - dropped;
  return {
    ...{ accepted, stored, quarantined, deduplicated, dropped },
    ...droppedBy(policies),
    ...{ pending, refused: refusedOf(shares) },
  };
}

/** Events by the policy that left them out. */
function policiesOf(receipt: Receipt, shares: readonly Share[]): PolicyCounts {
  const policies = new Map(Object.entries(receipt.dropped ?? {}));
  for (const { outcome, first, last } of shares)
    for (const [policy, ranges] of Object.entries(outcome.dropped)) {
      const count = countRows(ranges, first, last);
      if (count > 0) policies.set(policy, (policies.get(policy) ?? 0) + count);
    }
  return Object.fromEntries(policies);
}

function refusedOf(shares: readonly Share[]): RefusedRow[] {
  const rows = shares.flatMap(({ outcome, first, last, indexesOf }) =>
    Object.entries(outcome.quarantined).flatMap(([reason, ranges]) =>
      indexesOf(listRows(ranges, { first, last, limit: MAX_REFUSED })).map((index) => ({
        index,
        ...refusalOf(reason),
      })),
    ),
  );
  return rows.sort((a, b) => a.index - b.index).slice(0, MAX_REFUSED);
}
