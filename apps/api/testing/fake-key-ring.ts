import { AccessError, type KeyRecord, type KeyRequest, type NewKey, type Principal } from '#access';

/** Keeps what it was asked for; the real ring has tests of its own. */
export class FakeKeyRing {
  readonly requests: { readonly by: Principal; readonly request: KeyRequest }[] = [];
  readonly records: KeyRecord[] = [];

  createKey(by: Principal, request: KeyRequest): Promise<NewKey> {
    this.requests.push({ by, request });
    const record = { id: 'abcd1234', name: request.name, tenant: by.tenant } as KeyRecord;
    this.records.push(record);
    return Promise.resolve({ key: 'alv_abcd1234_secret', record });
  }

  listKeys(by: Principal): Promise<readonly KeyRecord[]> {
    return Promise.resolve(this.records.filter(({ tenant }) => tenant === by.tenant));
  }

  revokeKey(by: Principal, id: string): Promise<KeyRecord> {
    const record = this.records.find((each) => each.id === id && each.tenant === by.tenant);
    if (!record) return Promise.reject(new AccessError('key_not_found', 'There is no such key.'));
    const revoked = { ...record, revoked_at: '2026-01-01T00:00:00.000000000Z' };
    this.records.splice(this.records.indexOf(record), 1, revoked);
    return Promise.resolve(revoked);
  }
}
