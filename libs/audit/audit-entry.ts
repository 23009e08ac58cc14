import type { AuditAction } from './audit-actions.js';

/**
 * Who did it. `file`: whoever changed files of the machine, which no key is needed for. `nobody`: who sent no valid key.
 */
export type AuditActor =
  | { readonly kind: 'key'; readonly id: string; readonly name: string }
  | { readonly kind: 'appliance' }
  | { readonly kind: 'file' }
  | { readonly kind: 'nobody' };

/**
 * `done`: it was changed. `failed`: it was tried, and what became of it is what the server says now. `unknown`: the process
 * ended in the middle. `refused`: nothing was changed.
 */
export type AuditOutcome = 'done' | 'failed' | 'unknown' | 'refused';

/** One field before and after; absent where it was not there. Secrets are `***`, long values are cut. */
export interface FieldChange {
  readonly field: string;
  readonly before?: AuditValue;
  readonly after?: AuditValue;
}

export type AuditValue = string | number | boolean | null;

/** What is to be recorded of a change. */
export interface AuditFacts {
  readonly actor: AuditActor;
  /** Whose it is; null: the whole appliance's. */
  readonly tenant: string | null;
  readonly action: AuditAction;
  /** Name or id of what was changed; null where the action says it. */
  readonly object: string | null;
  readonly outcome: AuditOutcome;
  readonly changes: readonly FieldChange[];
  readonly request_id?: string;
  /** Of the peer that sent the request. */
  readonly address?: string;
  /** Code of the error, where it failed. */
  readonly error?: string;
}

/** A link of the chain. */
export interface AuditEntry extends AuditFacts {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** RFC 3339, UTC, as the machine's clock was. */
  readonly time: string;
  /** Hash of the entry before; 64 zeros in the first. */
  readonly previous: string;
  /** SHA-256, hex: see {@link hashOf}. */
  readonly hash: string;
}

/** Where the chain ends. */
export interface ChainHead {
  /** 0: there is no entry yet. */
  readonly sequence: number;
  readonly hash: string;
}
