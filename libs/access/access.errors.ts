import { AlluviumError, type ErrorLogLevel } from '#event-model';

/**
 * - `unauthenticated`: no usable credential was sent (HTTP 401)
 * - `forbidden`: the key may not do this (403)
 * - `key_not_found`, `tenant_not_found`: there is none that the caller may see (404)
 * - `key_invalid`, `tenant_invalid`: the request can't be kept as given (400)
 * - `tenant_exists`: the name is taken (409)
 * - `admin_key_conflict`, `secret_file_unreadable`, `pepper_mismatch`: the start is refused
 */
export type AccessErrorCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'key_not_found'
  | 'key_invalid'
  | 'tenant_not_found'
  | 'tenant_invalid'
  | 'tenant_exists'
  | 'admin_key_conflict'
  | 'secret_file_unreadable'
  | 'pepper_mismatch';

const REFUSES_START: readonly AccessErrorCode[] = [
  'admin_key_conflict',
  'secret_file_unreadable',
  'pepper_mismatch',
];

/** Access was refused, or keys can't be managed as asked. Its text never holds any part of a secret. */
export class AccessError extends AlluviumError {
  declare readonly code: AccessErrorCode;

  constructor(code: AccessErrorCode, message: string, cause?: unknown) {
    // A refused request is the client's doing; only a start that fails is the operator's matter.
    const logLevel: ErrorLogLevel = REFUSES_START.includes(code) ? 'error' : 'info';
    super(message, { code, retryable: false, logLevel, cause });
  }
}
