/** An answer of the appliance: its status, its headers, its JSON. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Where to send and as whom; read for each request, since a restarted appliance has another address. */
export interface ApiTarget {
  readonly url: string;
  readonly adminKey: string;
}

export interface Accepted {
  readonly receipt: string;
  readonly accepted: number;
}

export interface ReceiptState {
  readonly stored: number;
  readonly quarantined: number;
  readonly deduplicated: number;
  readonly dropped: number;
  readonly pending: number;
}

export interface FoundEvent {
  readonly event_id: string;
  readonly timestamp: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface LogsPage {
  readonly total: number;
  readonly logs: readonly FoundEvent[];
}

export interface FoundQuarantined {
  readonly event_id: string;
  readonly reason: string;
  readonly raw?: string;
  readonly raw_base64?: string;
}

export interface QuarantinePage {
  readonly total: number;
  readonly events: readonly FoundQuarantined[];
}

export interface LedgerRow {
  readonly source: string;
  readonly stream: string;
  readonly received: number;
  readonly stored: number;
  readonly quarantined: number;
  readonly deduplicated: number;
  readonly dropped: number;
  readonly pending: number;
  readonly residue: number;
}

export interface LedgerPage {
  readonly rows: readonly LedgerRow[];
  readonly residue: number;
}

/** Milliseconds after which a request counts as not answered. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The public HTTP API, as a client program would call it. */
export class ApiClient {
  constructor(private readonly target: ApiTarget) {}

  /** Posts NDJSON; an answer that isn't JSON, or is cut off, has an empty body. */
  send(
    stream: string,
    body: Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Answer<Partial<Accepted>>> {
    const all = { 'content-type': 'application/x-ndjson', ...headers };
    return this.request('POST', `/api/v1/streams/${stream}/events`, { headers: all, body });
  }

  createStream(name: string, eventType: string, storedIn = 'search'): Promise<Answer<unknown>> {
    const json = { name, event_type: eventType, ...(storedIn !== 'search' && { stored_in: storedIn }) };
    return this.requestJson('POST', '/api/v1/streams', json);
  }

  /** @param policy `tenant`, `event-type:<name>` or `stream:<name>` */
  putRetentionPolicy(policy: string, rules: Readonly<Record<string, unknown>>): Promise<Answer<unknown>> {
    return this.requestJson('PUT', `/api/v1/retention/policies/${policy}`, rules);
  }

  logs(query: Readonly<Record<string, unknown>>): Promise<Answer<LogsPage>> {
    return this.requestJson('POST', '/api/v1/logs', query);
  }

  quarantine(query: Readonly<Record<string, string>>): Promise<Answer<QuarantinePage>> {
    return this.request('GET', `/api/v1/quarantine?${new URLSearchParams(query).toString()}`);
  }

  receipt(receipt: string): Promise<Answer<ReceiptState>> {
    return this.request('GET', `/api/v1/receipts/${encodeURIComponent(receipt)}`);
  }

  ledger(): Promise<Answer<LedgerPage>> {
    return this.request('GET', '/api/v1/ledger');
  }

  checkRollUps(
    stream: string,
  ): Promise<Answer<{ readonly ok: boolean; readonly days_wrong: readonly number[] }>> {
    return this.request('GET', `/api/v1/streams/${stream}/roll-ups/check`);
  }

  /** The text of `/metrics`. */
  async metrics(): Promise<string> {
    return (await this.fetch('GET', '/metrics')).text();
  }

  private requestJson<Body>(method: string, path: string, json: unknown): Promise<Answer<Body>> {
    const body = Buffer.from(JSON.stringify(json));
    return this.request(method, path, { headers: { 'content-type': 'application/json' }, body });
  }

  private async request<Body>(method: string, path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const answer = await this.fetch(method, path, init);
    const body = (await answer.json().catch(() => ({}))) as Body;
    return { status: answer.status, headers: answer.headers, body };
  }

  private fetch(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.target.adminKey}`, ...init.headers };
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    return fetch(`${this.target.url}${path}`, { ...init, method, headers, signal });
  }
}
