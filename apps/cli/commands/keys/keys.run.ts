import type { ApiClient } from '../../client/api-client.js';
import { Refusal } from '../../client/refusal.js';
import type { ServerOptions } from '../../client/server-place.js';
import { withApi } from '../../client/with-api.js';
import { jsonLine, printable } from '../../output/printable.js';
import { renderTable } from '../../output/table.js';
import { writeOut } from '../../output/write-out.js';

/** Options of every command about keys. */
export interface KeyOptions extends ServerOptions {
  readonly json?: true;
}

/** What the options of `keys create` hold. */
export interface CreateKeyOptions extends KeyOptions {
  readonly scope: readonly string[];
  readonly tenant?: string;
  readonly source?: string;
  readonly defaultStream?: string;
  readonly stream?: readonly string[];
  readonly expires?: string;
}

/** A key as the API shows it. */
interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly default_stream: string;
  readonly streams?: readonly string[];
  readonly created_at: string;
  readonly expires_at?: string;
  readonly revoked_at?: string;
}

const PATH = '/api/v1/keys';

/** Makes a key and prints it, this once. */
export async function createKey(name: string, options: CreateKeyOptions): Promise<void> {
  const { scope, tenant, source, defaultStream, stream, expires } = options;
  const json = {
    ...{ name, scopes: scope, tenant, source, streams: stream },
    ...{ default_stream: defaultStream, expires_at: expires },
  };
  await withApi(options, async (api) => {
    const made = await api.json<KeyRecord & { readonly key: string }>({ method: 'POST', path: PATH, json });
    const note = await makeDefaultStream(api, made, options);
    await writeOut(options.json ? `${jsonLine(made)}\n` : introduce(made, api.place.url) + note);
  });
}

/** Prints all keys, without their secrets. */
export async function listKeys(options: KeyOptions): Promise<void> {
  await withApi(options, async (api) => {
    const { keys } = await api.json<{ readonly keys: readonly KeyRecord[] }>({ path: PATH });
    const text = options.json
      ? keys.map((key) => `${jsonLine(key)}\n`).join('')
      : renderTable(HEAD, keys.map(row));
    await writeOut(text);
  });
}

/** Revokes a key, at once. */
export async function revokeKey(id: string, options: KeyOptions): Promise<void> {
  await withApi(options, async (api) => {
    const key = await api.json<KeyRecord>({ method: 'DELETE', path: `${PATH}/${encodeURIComponent(id)}` });
    const text = `The key ${printable(key.id)} (${printable(key.name)}) is revoked.`;
    await writeOut(options.json ? `${jsonLine(key)}\n` : `${text}\n`);
  });
}

/**
 * Makes the stream that the key sends to, where it may not make it itself: its first request would be refused else.
 *
 * @returns a sentence about it; empty where there is nothing to say
 */
async function makeDefaultStream(
  api: ApiClient,
  made: KeyRecord,
  { tenant }: CreateKeyOptions,
): Promise<string> {
  const { scopes, default_stream: name } = made;
  if (!scopes.includes('events:write') || scopes.includes('streams:create')) return '';
  const stream = printable(name);
  if (tenant !== undefined)
    return `\nThe stream ${stream} has to be there in the tenant ${printable(tenant)}.\n`;
  try {
    await api.json({ method: 'POST', path: '/api/v1/streams', json: { name, event_type: 'log' } });
    return `\nThe stream ${stream} was not there yet; it was created.\n`;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === 'stream_exists'
      ? ''
      : `\nThe stream ${stream} has to be there: ${printable(error.message)}\n`;
  }
}

const HEAD = ['ID', 'NAME', 'TENANT', 'SCOPES', 'STREAMS', 'CREATED', 'STATE'] as const;

function row(key: KeyRecord): readonly string[] {
  const { id, name, tenant, scopes, streams = ['all'], created_at: created } = key;
  return [id, name, tenant, scopes.join(','), streams.join(','), created.slice(0, 19), stateOf(key)];
}

function stateOf({ revoked_at: revoked, expires_at: expires }: KeyRecord): string {
  if (revoked !== undefined) return `revoked ${revoked.slice(0, 19)}`;
  if (expires === undefined) return 'valid';
  return `${Date.parse(expires) <= Date.now() ? 'expired' : 'valid until'} ${expires.slice(0, 19)}`;
}

/** The key, and a line that works with it: of what it may do, the first thing that one tries. */
function introduce(made: KeyRecord & { readonly key: string }, url: URL): string {
  const key = printable(made.key);
  return `${key}

This is the only time that it is shown. It has the id ${printable(made.id)} and may: ${printable(made.scopes.join(', '))}.
Try it:

${trial(made.scopes, url.href.replace(/\/$/, ''), key)}
`;
}

function trial(scopes: readonly string[], base: string, key: string): string {
  const header = `-H 'Authorization: Bearer ${key}'`;
  if (scopes.includes('events:write'))
    return `curl -s '${base}/api/v1/events' ${header} \\\n  -H 'Content-Type: application/x-ndjson' -d '{"level":"info","message":"hello"}'`;
  const path = TRIALS.find(([scope]) => scopes.includes(scope))?.[1] ?? '/health/ready';
  return `curl -s '${base}${path}' ${header}`;
}

const TRIALS = [
  ['logs:read', '/api/v1/logs?limit=10'],
  ['quarantine:read', '/api/v1/quarantine'],
  ['keys:admin', '/api/v1/keys'],
  ['system', '/api/v1/keys'],
  ['metrics', '/metrics'],
  ['streams:admin', '/api/v1/streams'],
] as const;
