import { AccessError, ALL_SCOPES, type Principal, type Scope } from '#access';

/** Keys that a test hands out; the text behind `Bearer ` is the key's name. */
export class FakeAccess {
  readonly #principals = new Map<string, Principal>();

  /** Adds a key and returns its `Authorization` header. */
  add(name: string, scopes: readonly Scope[] = ALL_SCOPES, part: Partial<Principal> = {}): string {
    const principal = {
      keyId: name,
      keyName: name,
      tenant: 'default',
      source: name,
      defaultStream: 'default',
    };
    this.#principals.set(`Bearer ${name}`, { ...principal, scopes: new Set(scopes), ...part });
    return `Bearer ${name}`;
  }

  /** Revokes a key. */
  remove(name: string): void {
    this.#principals.delete(`Bearer ${name}`);
  }

  authenticate(header: string | undefined): Promise<Principal | AccessError> {
    const found = this.#principals.get(header ?? '');
    return Promise.resolve(found ?? new AccessError('unauthenticated', 'No valid credential was sent.'));
  }
}
