import type { ApiTarget } from '../test/support/api-client.js';
import type { Answer, QueryCase } from './query-case.js';
import type { QueryReference } from './query-reference.js';

export interface Asked {
  readonly query: QueryCase;
  /** Milliseconds from the first byte of the request to the last of the answer, run by run. */
  readonly times: readonly number[];
  /** What is wrong with the answer; empty where nothing is. */
  readonly mistake: string;
}

/** Asks one query several times over HTTP, one after the other, and checks its last answer. */
export async function askQuery(
  target: ApiTarget,
  query: QueryCase,
  reference: QueryReference,
  runs: { readonly warmUps: number; readonly runs: number },
): Promise<Asked> {
  const times: number[] = [];
  let last = Buffer.alloc(0);
  for (let run = -runs.warmUps; run < runs.runs; run += 1) {
    const started = performance.now();
    last = await ask(target, query);
    if (run >= 0) times.push(performance.now() - started);
  }
  return { query, times, mistake: query.check(JSON.parse(last.toString()) as Answer, reference) };
}

async function ask(
  { url, adminKey }: ApiTarget,
  { name, path, body }: QueryCase,
): Promise<Buffer<ArrayBuffer>> {
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${url}${path}`, { ...init, headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200)
    throw new Error(`${name} answered ${answer.status}: ${bytes.toString().slice(0, 500)}`);
  return bytes;
}
