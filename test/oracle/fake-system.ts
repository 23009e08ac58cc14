import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isUtf8 } from 'node:buffer';
import type { AddressInfo } from 'node:net';
import type { Exit } from '../support/appliance-process.js';
import type { SystemUnderTest } from './system-under-test.js';

/** What a fake system does wrong on purpose, so that the oracle can be seen to notice. */
export interface SeededBug {
  /** Drops the last line of every nth acknowledged request. */
  readonly losesEvery?: number;
  /** Stores the first line of every nth request twice. */
  readonly doublesEvery?: number;
  /** Stores a repeated request again although it knows the Idempotency-Key. */
  readonly forgetsKeys?: boolean;
  /** A request cut off by the kill leaves a part behind. */
  readonly tearsRequests?: boolean;
  /** Puts lines of a wrong type in the table. */
  readonly acceptsWrongTypes?: boolean;
  readonly wrongRollUps?: boolean;
  readonly residue?: number;
  readonly ignoresFaults?: boolean;
}

interface FakeRow {
  readonly stream: string;
  readonly source: string;
  readonly ms: number;
  readonly line: Buffer;
  readonly isGood: boolean;
}

const DECLARED = new Set('level service host message trace_id user_id latency_ms status'.split(' '));
const PORT_ANY = 0;

/** The appliance's API over arrays in memory; `kill` cuts every connection where it is. A test's stand-in, no more. */
export class FakeSystem implements SystemUnderTest {
  url = '';
  readonly adminKey = 'alv_fake_key';
  exited: Promise<Exit> = Promise.resolve({ code: 0, signal: null });
  private rows: FakeRow[] = [];
  private readonly receipts = new Map<string, { stored: number; quarantined: number }>();
  private readonly receiptOfKey = new Map<string, string>();
  private server: Server | undefined;
  private reportExit: (exit: Exit) => void = () => undefined;
  private requests = 0;
  private fatalRequest = 0;

  constructor(private readonly bug: SeededBug = {}) {}

  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.kill();
    const nth = Number(env['ALLUVIUM_FAULT_POINTS']?.split(':')[1] ?? 0);
    this.fatalRequest = nth && !this.bug.ignoresFaults ? this.requests + nth : 0;
    this.exited = new Promise((resolve) => (this.reportExit = resolve));
    const server = createServer((request, response) => void this.serve(request, response));
    await new Promise<void>((resolve) => server.listen(PORT_ANY, '127.0.0.1', resolve));
    this.server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  kill(): Promise<Exit> {
    return this.end({ code: null, signal: 'SIGKILL' });
  }

  stop(): Promise<Exit> {
    return this.end({ code: 0, signal: null });
  }

  private async end(exit: Exit): Promise<Exit> {
    const server = this.server;
    this.server = undefined;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    this.reportExit(exit);
    return this.exited;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const body = await readBody(request).catch(() => undefined);
    if (body === undefined) return;
    const json = this.answer(url, request, body);
    if (json === undefined || response.destroyed) return;
    response.writeHead(url.pathname.endsWith('/events') ? 202 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(json));
  }

  private answer(url: URL, request: IncomingMessage, body: Buffer): unknown {
    const stream = url.pathname.split('/')[4] ?? '';
    if (url.pathname.endsWith('/events')) return this.ingest(stream, request, body);
    if (url.pathname.endsWith('/check')) return { ok: !this.bug.wrongRollUps, days_wrong: [] };
    if (url.pathname.startsWith('/api/v1/receipts/')) return { ...this.receipts.get(stream), pending: 0 };
    if (url.pathname === '/api/v1/logs')
      return this.search(JSON.parse(body.toString()) as Record<string, string>);
    if (url.pathname === '/api/v1/quarantine') return this.quarantine(url.searchParams);
    if (url.pathname === '/api/v1/ledger') return this.ledger();
    return {};
  }

  private ingest(stream: string, request: IncomingMessage, body: Buffer): unknown {
    this.requests += 1;
    const rows = splitLines(body).map((line) => this.makeRow(stream, request, line));
    const key = String(request.headers['idempotency-key'] ?? '');
    const known = this.receiptOfKey.get(key);
    if (known !== undefined && !this.bug.forgetsKeys) return { receipt: known, accepted: rows.length };
    if (this.requests === this.fatalRequest) return void this.dieAfter(rows);
    this.rows.push(...this.spoil(rows));
    const receipt = `receipt-${this.requests}`;
    if (key !== '') this.receiptOfKey.set(key, receipt);
    const stored = rows.filter((row) => row.isGood).length;
    this.receipts.set(receipt, { stored, quarantined: rows.length - stored });
    return { receipt, accepted: rows.length };
  }

  private dieAfter(rows: readonly FakeRow[]): void {
    if (this.bug.tearsRequests) this.rows.push(...rows.slice(0, Math.ceil(rows.length / 2)));
    void this.kill();
  }

  private spoil(rows: readonly FakeRow[]): readonly FakeRow[] {
    const { losesEvery = Infinity, doublesEvery = Infinity } = this.bug;
    const kept = this.requests % losesEvery === 0 ? rows.slice(0, -1) : rows;
    return this.requests % doublesEvery === 0 ? [...kept, ...kept.slice(0, 1)] : kept;
  }

  private makeRow(stream: string, request: IncomingMessage, line: Buffer): FakeRow {
    const event = parseLine(line);
    const isTyped = typeof event?.['latency_ms'] === 'number' && typeof event['status'] === 'number';
    const isGood = event !== undefined && (isTyped || this.bug.acceptsWrongTypes === true);
    const ms = Date.parse(String(event?.['timestamp'] ?? new Date().toISOString()));
    return { stream, source: String(request.headers['alluvium-source']), ms, line, isGood };
  }

  private search(query: Readonly<Record<string, string>>): unknown {
    const [from, to] = [Date.parse(query['start_time'] ?? ''), Date.parse(query['end_time'] ?? '')];
    const inSpan = (row: FakeRow): boolean => row.ms >= from && row.ms < to && row.stream === query['stream'];
    const found = this.rows.filter((row) => row.isGood && inSpan(row));
    return { total: found.length, logs: found.slice(0, Number(query['limit'])).map(showEvent) };
  }

  private quarantine(query: URLSearchParams): unknown {
    const isAsked = (row: FakeRow): boolean =>
      row.stream === query.get('stream') && row.source === query.get('source');
    const found = this.rows.filter((row) => !row.isGood && isAsked(row));
    const show = (row: FakeRow) => ({ event_id: 'x', reason: 'r', raw_base64: row.line.toString('base64') });
    return { total: found.length, events: found.slice(0, Number(query.get('limit'))).map(show) };
  }

  private ledger(): unknown {
    const rows = this.rows.map(({ stream, isGood }) => {
      const [stored, quarantined] = isGood ? [1, 0] : [0, 1];
      return { stream, received: 1, stored, quarantined, pending: 0, residue: this.bug.residue ?? 0 };
    });
    return { rows, residue: 0 };
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function splitLines(body: Buffer): Buffer[] {
  const texts = body.toString('latin1').split('\n');
  return texts
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line.trim() !== '')
    .map((line) => Buffer.from(line, 'latin1'));
}

function parseLine(line: Buffer): Record<string, unknown> | undefined {
  if (!isUtf8(line)) return undefined;
  try {
    return JSON.parse(line.toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function showEvent({ ms, line }: FakeRow): unknown {
  const { timestamp: _asMs, ...sent } = parseLine(line) ?? {};
  const entries = Object.entries(sent);
  const at = new Date(ms).toISOString();
  const attributes = Object.fromEntries(entries.filter(([name]) => !DECLARED.has(name)));
  const declared = Object.fromEntries(entries.filter(([name]) => DECLARED.has(name)));
  return { event_id: 'x', timestamp: at, observed_timestamp: at, ...declared, attributes };
}
