import { createHmac, timingSafeEqual } from 'node:crypto';
import { ReceiptError } from './receipt.errors.js';
import { formatReceipt, isReceipt, parseReceipt, type Receipt, type ReceiptPlacement } from './receipt.js';

/** Bytes of the signature: half a SHA-256 can't be guessed and keeps the receipt below 200 characters. */
const SIGNATURE_BYTES = 16;

/** Who a receipt is made out to. */
export interface ReceiptBearer {
  readonly tenant: string;
  /** Id of the key that sent the events. */
  readonly keyId: string;
  readonly stream: string;
}

/**
 * Makes receipts that need no record: everything is in the text, and the signature binds it to the tenant. A receipt of
 * another tenant is as wrong as a forged one.
 */
export class ReceiptSigner {
  /** @param secret the data directory's own bytes, at least 32; receipts made with another secret are refused. */
  constructor(private readonly secret: Uint8Array) {}

  /** The text of a receipt; letters, digits and `.+-_~` only, below 200 characters for key ids of up to 50 without policies. */
  sign(placement: ReceiptPlacement, bearer: ReceiptBearer): string {
    const receipt = { ...placement, stream: bearer.stream, keyId: bearer.keyId };
    const text = formatReceipt(receipt);
    if (!isReceipt(receipt)) throw new ReceiptError(text);
    return `${text}.${this.#signature(text, bearer.tenant).toString('base64url')}`;
  }

  /** What a receipt says, or undefined where it was not made here for this tenant. */
  verify(text: string, tenant: string): Receipt | undefined {
    const dot = text.lastIndexOf('.');
    const body = text.slice(0, Math.max(dot, 0));
    const receipt = parseReceipt(body);
    if (!receipt) return undefined;
    const given = Buffer.from(text.slice(dot + 1), 'base64url');
    const expected = this.#signature(body, tenant);
    const same = given.length === SIGNATURE_BYTES && timingSafeEqual(given, expected);
    // Base64 has several spellings of the same bytes; only ours is a receipt.
    return same && expected.toString('base64url') === text.slice(dot + 1) ? receipt : undefined;
  }

  #signature(text: string, tenant: string): Buffer {
    const hmac = createHmac('sha256', this.secret).update(`receipt\0${tenant}\0${text}`);
    return hmac.digest().subarray(0, SIGNATURE_BYTES);
  }
}
