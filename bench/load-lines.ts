import type { ApiClient } from '../test/support/api-client.js';
import { pause } from '../test/support/appliance-process.js';

const PER_REQUEST = 5_000;
const AT_ONCE = 4;

/**
 * Sends lines of NDJSON, several requests at once, without holding more than these in memory; a refused request is sent
 * again. Resolves with the last receipts. @throws Error where a request is answered otherwise
 */
export async function loadLines(api: ApiClient, stream: string, lines: Iterable<string>): Promise<string[]> {
  const running = new Set<Promise<void>>();
  const receipts: string[] = [];
  for (const body of bodies(lines)) {
    while (running.size >= AT_ONCE) await Promise.race(running);
    const sending = send(api, stream, body).then((receipt) => {
      receipts.push(receipt);
      running.delete(sending);
    });
    running.add(sending);
  }
  await Promise.all(running);
  return receipts.slice(-AT_ONCE);
}

function* bodies(lines: Iterable<string>): Generator<Buffer> {
  let taken: string[] = [];
  for (const line of lines) {
    taken.push(line);
    if (taken.length < PER_REQUEST) continue;
    yield Buffer.from(`${taken.join('\n')}\n`);
    taken = [];
  }
  if (taken.length > 0) yield Buffer.from(`${taken.join('\n')}\n`);
}

async function send(api: ApiClient, stream: string, body: Buffer): Promise<string> {
  for (;;) {
    const { status, headers, body: answer } = await api.send(stream, body);
    if (status === 202) return answer.receipt ?? '';
    if (status !== 429 && status !== 503)
      throw new Error(`Sending answered ${status}: ${JSON.stringify(answer)}`);
    await pause(Number(headers.get('retry-after') ?? 1) * 1_000);
  }
}
