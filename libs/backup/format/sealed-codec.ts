import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { PieceCodec } from './piece-codec.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const KEY_ID_DIGITS = 16;

/**
 * Pieces encrypted with AES-256-GCM, each with a random nonce before it and its tag behind it. Their names are keyed sums,
 * so that nobody without the key can tell whether a content is there; a piece under another's name doesn't open.
 *
 * @param secret 64 hexadecimal digits, of which each use gets a key of its own
 */
export function sealedCodec(secret: string): PieceCodec {
  const keyFor = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', `alluvium backup ${use}`, KEY_BYTES));
  const [content, names, proofs] = [keyFor('content'), keyFor('names'), keyFor('proofs')];
  const nameOf = (bytes: Uint8Array): string => createHmac('sha256', names).update(bytes).digest('hex');
  return {
    keyId: keyFor('id').toString('hex').slice(0, KEY_ID_DIGITS),
    overhead: NONCE_BYTES + TAG_BYTES,
    nameOf,
    seal: (name, bytes) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, content, nonce).setAAD(Buffer.from(name));
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open: (name, kept) => {
      const opened = open(content, name, kept);
      return opened && nameOf(opened) === name ? opened : undefined;
    },
    proofOf: (text) => createHmac('sha256', proofs).update(text).digest('hex'),
  };
}

function open(key: Buffer, name: string, kept: Uint8Array): Buffer | undefined {
  if (kept.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const [nonce, sealed, tag] = [
    kept.subarray(0, NONCE_BYTES),
    kept.subarray(NONCE_BYTES, -TAG_BYTES),
    kept.subarray(-TAG_BYTES),
  ];
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce).setAAD(Buffer.from(name)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    return undefined;
  }
}
