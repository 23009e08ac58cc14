import { DEFAULT_STREAM, isSourceName, isStreamName, NAME_RULE, SOURCE_RULE } from '#event-model';
import { AccessError } from './access.errors.js';
import type { Principal } from './principal.js';
import { isScope, SCOPES, type Scope } from './scopes.js';

/** A key to be made. */
export interface KeyRequest {
  /** 1 to 64 of `a-z`, `0-9`, `.`, `_` and `-`; names the key to people. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Default: the tenant of the key that asks; another one needs the scope `system`. */
  readonly tenant?: string;
  /** Default: the key's name. */
  readonly source?: string;
  /** Default: `default`, or the first of `streams`. */
  readonly defaultStream?: string;
  /** The only streams that the key may touch. Default: all of its tenant. */
  readonly streams?: readonly string[];
  /** Nanoseconds since the epoch. Default: never. */
  readonly expiresAt?: bigint;
}

/** A request that was found good, with its defaults. */
export interface CheckedKeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly tenant: string;
  readonly source: string;
  readonly defaultStream: string;
  readonly streams?: readonly string[];
}

/** Checks the form of a request and that nobody gives away more than they have. */
export function checkKeyRequest(by: Principal, request: KeyRequest): CheckedKeyRequest {
  const streams = request.streams && [...new Set(request.streams)];
  const checked = {
    name: request.name,
    scopes: checkScopes(request.scopes),
    tenant: request.tenant ?? by.tenant,
    source: request.source ?? request.name,
    defaultStream: request.defaultStream ?? streams?.[0] ?? DEFAULT_STREAM,
    ...(streams && { streams }),
  };
  checkNames(checked);
  checkAuthority(by, checked);
  return checked;
}

function checkScopes(scopes: readonly string[]): readonly Scope[] {
  if (scopes.length > 0 && scopes.every(isScope)) return [...new Set(scopes)];
  throw invalid('scopes', `one or more of ${Object.keys(SCOPES).join(', ')}`);
}

function checkNames({ name, source, defaultStream, streams }: CheckedKeyRequest): void {
  if (!isSourceName(name)) throw invalid('name', SOURCE_RULE);
  if (!isSourceName(source)) throw invalid('source', SOURCE_RULE);
  if (!isStreamName(defaultStream)) throw invalid('default_stream', NAME_RULE);
  if (!streams) return;
  if (streams.length === 0 || !streams.every(isStreamName))
    throw invalid('streams', `names, each ${NAME_RULE}`);
  if (!streams.includes(defaultStream)) throw invalid('default_stream', 'one of streams');
}

function checkAuthority(by: Principal, request: CheckedKeyRequest): void {
  if (by.scopes.has('system')) return;
  if (!by.scopes.has('keys:admin')) throw forbidden('the scope keys:admin is needed to make keys');
  if (request.tenant !== by.tenant) throw forbidden('keys of another tenant need the scope system');
  const beyond = request.scopes.find((scope) => !by.scopes.has(scope));
  if (beyond) throw forbidden(`a key can give only scopes that it has, and it lacks ${beyond}`);
  const allowed = by.streams;
  if (allowed && !request.streams?.every((stream) => allowed.has(stream))) {
    throw forbidden('a key that is held to some streams can give only those; name them in streams');
  }
}

const invalid = (field: string, rule: string): AccessError =>
  new AccessError('key_invalid', `The field ${field} of the key must be ${rule}; correct it and ask again.`);
const forbidden = (why: string): AccessError =>
  new AccessError('forbidden', `The key may not do this: ${why}. Use a key that may.`);
