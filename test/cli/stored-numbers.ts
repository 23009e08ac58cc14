import type { ApiTarget } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';

/** How many events a stream has, and how many different `n` they have between them. */
export interface StoredNumbers {
  readonly events: number;
  readonly numbers: number;
}

/** Events with `n` from `from` on, as NDJSON; some 170 bytes each. */
export function numberedLines(count: number, from = 0): string {
  const filling = 'the quick brown fox jumps over the lazy dog '.repeat(2);
  return Array.from(
    { length: count },
    (_, n) =>
      `{"level":"info","service":"sender","message":"event ${from + n}: ${filling}","n":${from + n}}\n`,
  ).join('');
}

/** Waits until everything that was acknowledged is stored, then counts. */
export async function storedNumbers(server: ApiTarget, stream: string): Promise<StoredNumbers> {
  await untilStored(server);
  const { buckets } = await ask<{
    readonly buckets: readonly { readonly metrics: Record<string, number> }[];
  }>(server, '/api/v1/logs/aggregate', {
    stream,
    ...{ start_time: 'now-1h', end_time: 'now+1h' },
    metrics: [
      { function: 'count', name: 'events' },
      { function: 'unique', field: 'n', exact: true, name: 'numbers' },
    ],
  });
  const { events = 0, numbers = 0 } = buckets[0]?.metrics ?? {};
  return { events, numbers };
}

async function untilStored(server: ApiTarget): Promise<void> {
  for (;;) {
    const { rows } = await ask<{ readonly rows: readonly { readonly pending: number }[] }>(
      server,
      '/api/v1/ledger',
    );
    if (rows.every(({ pending }) => pending === 0)) return;
    await pause(100);
  }
}

async function ask<Body>({ url, adminKey }: ApiTarget, path: string, json?: unknown): Promise<Body> {
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    ...(json !== undefined && { method: 'POST', body: JSON.stringify(json) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Body;
}
