import { CatalogueDamageError, CatalogueMisuseError } from './catalogue.errors.js';
import type { Change, ChangeOutcome } from './catalogue.port.js';

/** Bytes of UTF-8 that the name of a collection or an id may have. */
export const MAX_NAME_BYTES = 1_000;

/** Documents that a scan gives where the caller names no limit. */
export const DEFAULT_SCAN_LIMIT = 1_000;

/** Refuses a collection or id that some engine could not hold or would confuse with another. */
export function checkName(what: 'collection' | 'id', text: string): void {
  const problem = nameProblem(text);
  if (problem) {
    throw new CatalogueMisuseError(
      `The catalogue can't use this ${what}: it ${problem}. Give 1 to ${MAX_NAME_BYTES} bytes of UTF-8 without NUL.`,
    );
  }
}

function nameProblem(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.includes('\0')) return 'contains NUL';
  const bytes = Buffer.from(text);
  if (bytes.length > MAX_NAME_BYTES) return `has ${bytes.length} bytes`;
  // A lone surrogate becomes U+FFFD, so two different names would meet in one document.
  return bytes.toString() === text ? undefined : 'contains a lone surrogate';
}

/** The JSON text of a document's value. */
export function encodeValue(change: Change): string {
  const where = `document "${change.id}" of "${change.collection}"`;
  let text: string | undefined;
  try {
    text = JSON.stringify(change.value);
  } catch (cause) {
    throw new CatalogueMisuseError(`The value of ${where} is no plain JSON; write plain JSON.`, cause);
  }
  if (text === undefined) throw new CatalogueMisuseError(`The value of ${where} has no JSON form.`);
  return text;
}

/** The value of a document's JSON text. @throws CatalogueDamageError where it is none */
export function decodeValue<T>(collection: string, id: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new CatalogueDamageError(collection, id, cause);
  }
}

/** What becomes of a change to a document that has `current` as its version now (0: there is none). */
export function judgeChange(change: Change, current: number): ChangeOutcome {
  if (change.ifVersion !== undefined && change.ifVersion !== current) {
    return { kind: 'conflict', version: current };
  }
  return { kind: 'written', version: change.value === undefined ? 0 : current + 1 };
}
