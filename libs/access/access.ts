import { AccessError } from './access.errors.js';
import { keyIdOf } from './key-format.js';
import type { KeyHasher } from './key-hasher.js';
import type { KeyStore, StoredKey } from './key-store.js';
import { digestOf, KeyVerdicts, type Verdict } from './key-verdicts.js';
import type { Principal } from './principal.js';

const BEARER = /^Bearer +(\S+) *$/i;
const MEND = 'Send "Authorization: Bearer <key>" with a key that an admin made for you';

/** Tells who sends a request. A key that was seen before costs one SHA-256 and a look into memory. */
export class Access {
  private readonly verdicts = new KeyVerdicts();
  private readonly unwatch: () => void;

  constructor(
    private readonly keys: KeyStore,
    private readonly hasher: KeyHasher,
    private readonly now: () => number = Date.now,
  ) {
    this.unwatch = keys.watch(() => this.verdicts.forget());
  }

  /**
   * Who the `Authorization` header names, or why nobody (`unauthenticated`).
   *
   * @throws CatalogueError where a key is seen for the first time and the catalogue can't be read (retryable).
   */
  async authenticate(header: string | undefined): Promise<Principal | AccessError> {
    if (header === undefined || header === '') return unauthenticated(`No credential was sent. ${MEND}.`);
    const key = BEARER.exec(header)?.[1];
    if (key === undefined) return unauthenticated(`The Authorization header is no bearer token. ${MEND}.`);
    return this.authenticateKey(key);
  }

  /** The same for a bare key, as front doors find it in other headers or in a password. */
  async authenticateKey(key: string): Promise<Principal | AccessError> {
    const id = keyIdOf(key);
    if (id === undefined) return unauthenticated(`The credential is not a key of this server. ${MEND}.`);
    const digest = digestOf(key);
    const verdict =
      this.verdicts.find(digest) ?? (await this.verdicts.judge(digest, () => this.verify(id, key)));
    if (verdict instanceof AccessError) return verdict;
    return verdict.expiresAtMs > this.now() ? verdict.principal : expired(id);
  }

  /** Ends watching for changed keys. Idempotent. */
  stop(): void {
    this.unwatch();
  }

  private async verify(id: string, key: string): Promise<Verdict> {
    const stored = await this.keys.read(id);
    const matches = this.hasher.matches(key, stored?.hash);
    if (!stored || !matches) return unauthenticated(`The key is not known. ${MEND}.`);
    if (stored.revoked_at !== undefined) return unauthenticated(`The key ${id} was revoked. ${MEND}.`);
    return { principal: principalOf(stored), expiresAtMs: expiryOf(stored) };
  }
}

function principalOf(key: StoredKey): Principal {
  return {
    keyId: key.id,
    keyName: key.name,
    tenant: key.tenant,
    scopes: new Set(key.scopes),
    source: key.source,
    defaultStream: key.default_stream,
    ...(key.streams && { streams: new Set(key.streams) }),
  };
}

function expiryOf({ expires_at }: StoredKey): number {
  return expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires_at);
}

const unauthenticated = (message: string): AccessError => new AccessError('unauthenticated', message);
const expired = (id: string): AccessError => unauthenticated(`The key ${id} has expired. ${MEND}.`);
