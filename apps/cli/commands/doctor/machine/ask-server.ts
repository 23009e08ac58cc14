import http from 'node:http';
import https from 'node:https';
import type { BootSettings } from '#app-config';

/** What was found at an address. */
export type ServerState =
  | { readonly kind: 'nothing' }
  /** Something listens, and it is no Alluvium. */
  | { readonly kind: 'stranger'; readonly how: string }
  | {
      readonly kind: 'alluvium';
      /** `up`, `degraded` or `down`. */
      readonly status: string;
      /** Parts that are not up, with what they say; empty without a key that may see them. */
      readonly parts: readonly string[];
      /** Milliseconds by which its clock is ahead of this machine's; undefined where it doesn't tell. */
      readonly aheadMs: number | undefined;
    };

/** Milliseconds for one answer. */
const PATIENCE_MS = 3_000;
const LONGEST_ANSWER = 64 * 1024;
const NOTHING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Where a server with these settings is reached from its own machine; undefined where it takes a free port. */
export function addressOf({ httpHost, httpPort, tlsCert }: BootSettings): URL | undefined {
  if (httpPort === 0) return undefined;
  const host = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[httpHost] ?? httpHost;
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return URL.parse(`${tlsCert === undefined ? 'http' : 'https'}://${name}:${httpPort}`) ?? undefined;
}

/**
 * Asks what is at an address, by reading only. Never rejects.
 *
 * @param key shown to a server that is known to be one's own, for details
 */
export async function askServer(address: URL | undefined, key?: string): Promise<ServerState> {
  if (address === undefined) return { kind: 'nothing' };
  try {
    const { body: live, date } = await ask(new URL('/health/live', address));
    if (readHealth(live)?.status !== 'up')
      return { kind: 'stranger', how: 'its answer is not that of Alluvium' };
    const aheadMs = date === undefined ? undefined : Date.parse(date) - Date.now();
    const health = readHealth((await ask(new URL('/health/ready', address), key)).body);
    return { kind: 'alluvium', status: health?.status ?? 'down', parts: partsOf(health?.details), aheadMs };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return NOTHING.has(code)
      ? { kind: 'nothing' }
      : { kind: 'stranger', how: `it does not answer as HTTP (${code})` };
  }
}

interface Health {
  readonly status: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

function ask(url: URL, key?: string): Promise<{ readonly body: string; readonly date: string | undefined }> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    // Nothing but public health is asked for, and its certificate may well name another host; a key goes to one's own only.
    const sent = request(url, {
      rejectUnauthorized: false,
      agent: false,
      timeout: PATIENCE_MS,
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    });
    sent.once('timeout', () => sent.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    sent.once('error', reject);
    sent.once('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('error', reject);
      answer.on('data', (piece: string) => {
        body += piece;
        if (body.length > LONGEST_ANSWER) sent.destroy(new Error('too long an answer'));
      });
      answer.once('end', () => resolve({ body, date: answer.headers.date }));
    });
    sent.end();
  });
}

function readHealth(text: string): Health | undefined {
  try {
    const value = JSON.parse(text) as Partial<Health> | null;
    return typeof value?.status === 'string' ? (value as Health) : undefined;
  } catch {
    return undefined;
  }
}

function partsOf(details: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return Object.entries(details)
    .filter(([, part]) => (part as { readonly status?: unknown } | null)?.status !== 'up')
    .map(([name, part]) => `${name} ${JSON.stringify(part)}`);
}
