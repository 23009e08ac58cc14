import { createHash } from 'node:crypto';

/** Most characters of a cursor. */
export const MAX_CURSOR = 500;
/** Characters of a {@link fingerprint}. */
export const FINGERPRINT_LENGTH = 22;

/** The opaque text of some values. It holds no secret. */
export function encodeCursor(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** What a text was made of, unchecked; undefined where it was not made here. */
export function decodeCursor(text: string): unknown {
  if (text.length > MAX_CURSOR || !/^[\w-]+$/.test(text)) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Tells questions apart: the same for the same values. */
export function fingerprint(question: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(question))
    .digest('base64url')
    .slice(0, FINGERPRINT_LENGTH);
}
