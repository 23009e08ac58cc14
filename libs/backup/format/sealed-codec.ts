import { createHmac, randomBytes } from 'node:crypto';
import { deriveKey, idOfKey, NONCE_BYTES, openBytes, sealBytes, TAG_BYTES } from '#archive-encryption';
import type { PieceCodec } from './piece-codec.js';

/**
 * Pieces encrypted with AES-256-GCM, each with a random nonce before it and its tag behind it. Their names are keyed sums,
 * so that nobody without the key can tell whether a content is there; a piece under another's name doesn't open.
 *
 * @param secret 64 hexadecimal digits, of which each use gets a key of its own
 */
export function sealedCodec(secret: string): PieceCodec {
  const bytes = Buffer.from(secret, 'hex');
  const keyFor = (use: string): Buffer => deriveKey(bytes, `alluvium backup ${use}`);
  const [content, names, proofs] = [keyFor('content'), keyFor('names'), keyFor('proofs')];
  const nameOf = (piece: Uint8Array): string => createHmac('sha256', names).update(piece).digest('hex');
  return {
    keyId: idOfKey(bytes, 'alluvium backup id'),
    overhead: NONCE_BYTES + TAG_BYTES,
    nameOf,
    seal: (name, piece) => {
      const nonce = randomBytes(NONCE_BYTES);
      return Buffer.concat([nonce, sealBytes(piece, { key: content, nonce, bound: name })]);
    },
    open: (name, kept) => {
      const nonce = kept.subarray(0, NONCE_BYTES);
      const opened = openBytes(kept.subarray(NONCE_BYTES), { key: content, nonce, bound: name });
      return opened && nameOf(opened) === name ? opened : undefined;
    },
    proofOf: (text) => createHmac('sha256', proofs).update(text).digest('hex'),
  };
}
