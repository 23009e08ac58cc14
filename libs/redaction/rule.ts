/** What the server can find by itself, wherever it stands. */
export const DETECTORS = ['card', 'email', 'token', 'address'] as const;
export type DetectorName = (typeof DETECTORS)[number];

/**
 * What becomes of what is found: `mask` puts a word in its place; `hash` a keyed hash (HMAC-SHA-256, 128 bits of it), the
 * same for equal values on one server; `drop` takes it out.
 */
export const REDACTION_ACTIONS = ['mask', 'hash', 'drop'] as const;
export type RedactionAction = (typeof REDACTION_ACTIONS)[number];

/** `accept`: before anything of an event is written anywhere. `store`: before it is in a table. */
export type RedactionPlace = 'accept' | 'store';

/** One rule of a tenant. */
export interface RedactionRule {
  readonly name: string;
  readonly action: RedactionAction;
  readonly at: RedactionPlace;
  /** Only events of this stream; absent: of all. */
  readonly stream?: string;
  /** Names of fields, letter case aside; `a.b` is `b` inside `a`, or a field of that very name. */
  readonly fields: readonly string[];
  readonly detectors: readonly DetectorName[];
}

/** A part of some bytes that is to be redacted. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly kind: DetectorName;
}
