import { createHash } from 'node:crypto';
import type { PieceCodec } from './piece-codec.js';

const sha256 = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

/** Pieces as they are, under their SHA-256. */
export const PLAIN_CODEC: PieceCodec = {
  keyId: undefined,
  overhead: 0,
  nameOf: sha256,
  seal: (_, content) => content,
  open: (name, kept) => (sha256(kept) === name ? kept : undefined),
  proofOf: sha256,
};
