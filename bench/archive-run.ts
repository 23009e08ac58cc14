import { pause } from '../test/support/appliance-process.js';
import type { BenchAppliance } from './bench-appliance.js';

type Json = Readonly<Record<string, unknown>>;

const LOOK_EVERY_MS = 200;

/** What a stream takes in its table and in its archive: bytes. */
export interface StoredBytes {
  readonly hot: number;
  readonly archive: number;
}

/** Asks the appliance for what is kept. @throws Error where it refuses */
export async function ask(bench: BenchAppliance, method: string, path: string, body?: object): Promise<Json> {
  const { url, adminKey } = bench.appliance;
  const answer = await fetch(`${url}/api/v1/${path}`, {
    ...{ method, ...(body && { body: JSON.stringify(body) }) },
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
  });
  const json = (await answer.json()) as Json;
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(json)}`);
  return json;
}

/** Applies a policy to all streams of these names, and waits until it is done: what was copied and moved. */
export async function applyPolicy(
  bench: BenchAppliance,
  keep: string,
  streams: readonly string[],
): Promise<Json> {
  const policies = Object.fromEntries(streams.map((name) => [`stream:${name}`, { keep }]));
  const { id } = await ask(bench, 'POST', 'retention/plan', { policies, streams });
  await ask(bench, 'POST', 'retention/apply', { plan: id });
  for (;;) {
    const run = await ask(bench, 'GET', `retention/runs/${String(id)}`);
    if (run['state'] === 'done') return run;
    if (run['state'] !== 'running') throw new Error(`The run ended as ${JSON.stringify(run)}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** As the status of retention tells it. */
export async function storedBytes(bench: BenchAppliance): Promise<ReadonlyMap<string, StoredBytes>> {
  const { streams } = (await ask(bench, 'GET', 'retention/status')) as {
    readonly streams: readonly {
      readonly stream: string;
      readonly tiers: readonly { readonly stored: { readonly bytes: number } }[];
      readonly archive?: { readonly stored: { readonly bytes: number } };
    }[];
  };
  return new Map(
    streams.map(({ stream, tiers, archive }) => [
      stream,
      { hot: tiers[0]?.stored.bytes ?? 0, archive: archive?.stored.bytes ?? 0 },
    ]),
  );
}
