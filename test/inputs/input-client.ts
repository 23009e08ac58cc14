import { ApiClient, type FoundEvent } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import type { Appliance } from '../support/start-appliance.js';

/** What `/api/v1/inputs/:input` shows, as far as tests look at it. */
export interface FoundInput {
  readonly state: string;
  readonly listens: readonly { readonly transport: string; readonly port: number }[];
  readonly last_error?: { readonly message: string; readonly mend?: string };
  readonly counters: {
    readonly messages: number;
    readonly refused: number;
    readonly dropped: Readonly<Record<string, number>>;
    readonly connections: number;
  };
  readonly refused_senders: readonly { readonly address: string; readonly messages: number }[];
  readonly newest: readonly { readonly text?: string; readonly taken: boolean }[];
}

/** Events of every time. */
const ALWAYS = { start_time: '1990-01-01T00:00:00Z', end_time: 'now+1d', limit: 10_000 };
const PATIENCE_MS = 30_000;

/** Asks an appliance for its inputs, and for what came in by them. */
export class InputClient {
  readonly #api: ApiClient;

  constructor(private readonly appliance: Appliance) {
    this.#api = new ApiClient(appliance);
  }

  async ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: FoundInput }> {
    const headers = {
      authorization: `Bearer ${this.appliance.adminKey}`,
      'content-type': 'application/json',
    };
    const url = `${this.appliance.url}/api/v1/inputs${path}`;
    const answer = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: JSON.parse(text === '' ? '{}' : text) as FoundInput };
  }

  /** The port of an input for a transport. */
  async port(input: string, transport: string): Promise<number> {
    const { body } = await this.ask('GET', `/${input}`);
    const found = body.listens.find((address) => address.transport === transport);
    if (!found) throw new Error(`${input} does not listen for ${transport}: ${JSON.stringify(body)}`);
    return found.port;
  }

  /** The events of a stream, once there are as many; as many as there are after some time. */
  async events(stream: string, atLeast: number): Promise<readonly FoundEvent[]> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { body } = await this.#api.logs({ ...ALWAYS, stream });
      if ((body.total ?? 0) >= atLeast || Date.now() > deadline) return body.logs ?? [];
      await pause(100);
    }
  }

  /** The messages of all events of a stream, however many, once no more come. */
  async allMessages(stream: string, atLeast: number): Promise<readonly string[]> {
    const count = async (): Promise<number> =>
      (await this.#api.logs({ ...ALWAYS, stream, limit: 1 })).body.total ?? 0;
    const deadline = Date.now() + PATIENCE_MS;
    for (let before = -1, now = await count(); Date.now() < deadline; now = await count()) {
      if (now >= atLeast && now === before) break;
      before = now;
      await pause(1_500);
    }
    const body = JSON.stringify({
      ...ALWAYS,
      limit: undefined,
      stream,
      format: 'ndjson',
      fields: ['message'],
    });
    const headers = {
      authorization: `Bearer ${this.appliance.adminKey}`,
      'content-type': 'application/json',
    };
    const answer = await fetch(`${this.appliance.url}/api/v1/logs/export`, { method: 'POST', headers, body });
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => (JSON.parse(line) as { readonly message: string }).message);
  }
}
