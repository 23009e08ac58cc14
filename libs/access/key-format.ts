import { randomBytes, randomInt } from 'node:crypto';

const ID_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 8;
const SECRET_BYTES = 32;
// Keys that people bring may have longer secrets than the 43 characters of our own.
const KEY = /^alv_([a-z0-9]{8})_[A-Za-z0-9_-]{32,200}$/;

/** A key in words, for an error message. */
export const KEY_RULE = 'alv_<8 of a-z0-9>_<32 to 200 of A-Za-z0-9_->';

/** Makes a key: `alv_`, a public id, `_`, 32 random bytes in base64url. */
export function makeKey(): string {
  const id = Array.from({ length: ID_LENGTH }, () => ID_CHARACTERS[randomInt(ID_CHARACTERS.length)]);
  return `alv_${id.join('')}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** The public id in a key; undefined where the text is no key. */
export function keyIdOf(key: string): string | undefined {
  return KEY.exec(key)?.[1];
}
