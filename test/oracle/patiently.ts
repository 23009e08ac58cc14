import type { Answer } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';

const AGAIN_MS = 500;
const LIMIT_MS = 60_000;

/** Asks again while the answer is 429 or 503, as a client does, for up to a minute; the last answer where that goes on. */
export async function patiently<Body>(ask: () => Promise<Answer<Body>>): Promise<Answer<Body>> {
  for (const until = Date.now() + LIMIT_MS; ; await pause(AGAIN_MS)) {
    const answer = await ask();
    if ((answer.status !== 429 && answer.status !== 503) || Date.now() > until) return answer;
  }
}
