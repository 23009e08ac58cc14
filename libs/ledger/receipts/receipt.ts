import type { PolicyCounts } from '../accounts/ledger-entry.js';
import { parseBlockId, REQUEST_MAX_BLOCKS, type BlockId } from '#event-model';

/** Where the events of one request went. */
export interface ReceiptPlacement {
  readonly first: BlockId;
  /** Blocks of the request: `first` and those that follow it by number. */
  readonly blocks: number;
  /** Rows within the block where `blocks` is 1, else within the request. Inclusive. */
  readonly firstRow: number;
  readonly lastRow: number;
  /**
   * Events of the request that policies left out at acceptance; they are in none of the blocks, and then the rows are the
   * request's. Said here, they need no record.
   */
  readonly dropped?: PolicyCounts;
}

/** Who may read a receipt, beside its tenant. */
export interface ReceiptOwner {
  readonly keyId: string;
  readonly stream: string;
}

export interface Receipt extends ReceiptPlacement, ReceiptOwner {}

const NAME = /^[A-Za-z0-9_-]{1,63}$/;
const BODY =
  /^([0-9a-f]{32})(?:\+([1-9]\d{0,4}))?\.(0|[1-9]\d{0,9})-(0|[1-9]\d{0,9})\.([^.~]+)\.([^.~]+)((?:\.[^.~]+~[1-9]\d{0,9}){0,16})$/;

/**
 * A receipt's text without its signature: `<block>.<first>-<last>.<stream>.<key id>`, with `+<n>` behind the block of a
 * request of n blocks, and `.<policy>~<events>` at the end for each policy. Needs no escaping in a URL.
 */
export function formatReceipt(receipt: Receipt): string {
  const { first, firstRow, lastRow, stream, keyId, dropped = {} } = receipt;
  const blocks = receipt.blocks === 1 ? '' : `+${receipt.blocks}`;
  const policies = Object.entries(dropped).map(([policy, events]) => `.${policy}~${events}`);
  return `${first}${blocks}.${firstRow}-${lastRow}.${stream}.${keyId}${policies.join('')}`;
}

/** Reads what {@link formatReceipt} wrote; undefined for everything else, other spellings of the same numbers included. */
export function parseReceipt(text: string): Receipt | undefined {
  const [, block = '', blocks = '1', firstRow = '', lastRow = '', stream = '', keyId = '', policies = ''] =
    BODY.exec(text) ?? [];
  const first = parseBlockId(block);
  if (!first) return undefined;
  const receipt = {
    first,
    blocks: Number(blocks),
    firstRow: Number(firstRow),
    lastRow: Number(lastRow),
    stream,
    keyId,
    ...droppedOf(policies),
  };
  return isReceipt(receipt) && formatReceipt(receipt) === text ? receipt : undefined;
}

/** Whether a receipt's numbers and names are such that its text can be read back. */
export function isReceipt(receipt: Receipt): boolean {
  const { blocks, firstRow, lastRow, stream, keyId } = receipt;
  const numbers = blocks >= 1 && blocks <= REQUEST_MAX_BLOCKS && firstRow >= 0 && lastRow >= firstRow;
  return numbers && NAME.test(stream) && NAME.test(keyId) && arePolicies(receipt);
}

function droppedOf(policies: string): Pick<Receipt, 'dropped'> {
  const parts = policies.split('.').slice(1);
  const pairs = parts.map((part) => part.split('~')).map(([policy = '', events]) => [policy, Number(events)]);
  return pairs.length === 0 ? {} : { dropped: Object.fromEntries(pairs) as PolicyCounts };
}

function arePolicies({ dropped, firstRow, lastRow }: Receipt): boolean {
  if (!dropped) return true;
  const counts = Object.values(dropped);
  const sum = counts.reduce((total, count) => total + count, 0);
  return (
    counts.length > 0 &&
    sum <= lastRow - firstRow + 1 &&
    counts.every((count) => count > 0) &&
    Object.keys(dropped).every((policy) => NAME.test(policy))
  );
}
