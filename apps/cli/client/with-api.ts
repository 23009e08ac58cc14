import { printable } from '../output/printable.js';
import { ApiClient } from './api-client.js';
import { requireServerPlace, type ServerOptions } from './server-place.js';

/** Does something with the server that the options name; what is waited for is told on stderr. */
export async function withApi<T>(options: ServerOptions, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const onRetry = (note: string): void => void process.stderr.write(`${printable(note)}\n`);
  const api = new ApiClient(requireServerPlace(options), { onRetry });
  try {
    return await work(api);
  } finally {
    api.close();
  }
}

/** The values that are there, as the query of an address; empty where none is. */
export function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((one): one is [string, string] => one[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
