import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

const CIPHER = 'aes-256-gcm';

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
/** Hex digits by which a key is called. */
const ID_DIGITS = 16;

/** What bytes are encrypted with. A nonce is used once with a key; `bound` must be the same to open them. */
export interface SealedWith {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly bound: Uint8Array | string;
}

/** A key for one use, out of another (HKDF with SHA-256). */
export function deriveKey(secret: Uint8Array, use: string, salt: Uint8Array | string = ''): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, use, KEY_BYTES));
}

/** What a key is called by: says nothing of the key. */
export function idOfKey(secret: Uint8Array, use: string): string {
  return deriveKey(secret, use).toString('hex').slice(0, ID_DIGITS);
}

/** Bytes encrypted with AES-256-GCM, and their tag behind them. */
export function sealBytes(bytes: Uint8Array, { key, nonce, bound }: SealedWith): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(bound));
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** The bytes again; undefined where anything of it isn't as it was. */
export function openBytes(sealed: Uint8Array, { key, nonce, bound }: SealedWith): Buffer | undefined {
  if (sealed.length < TAG_BYTES || nonce.length !== NONCE_BYTES) return undefined;
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(bound))
      .setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}
