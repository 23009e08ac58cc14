// Sends numbered events to an appliance that runs, for as many seconds as asked, and looks for each of them: ALLUVIUM_URL and
// ALLUVIUM_KEY name it. Ends with 0 where each that was acknowledged is found once, whatever was killed meanwhile.
import { randomUUID } from 'node:crypto';
import { NumberedLoad } from '../faults/numbered-load.js';
import { ApiClient } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';

const { ALLUVIUM_URL: url = 'http://127.0.0.1:8080', ALLUVIUM_KEY: adminKey = '' } = process.env;
const seconds = Number(process.argv[2]);
/** Seconds for what waits to be stored, and for what was killed last to be back. */
const PATIENCE_S = 180;
const EVENTS = 50;

if (!(seconds > 0)) throw new Error('Say for how many seconds events are sent: load-running.ts 60');
const load = await new NumberedLoad(new ApiClient({ url, adminKey }), {
  stream: `verify-${randomUUID().slice(0, 8)}`,
}).open();
const end = Date.now() + seconds * 1_000;
while (Date.now() < end) {
  const { status } = await load.send(EVENTS);
  await pause(status === 202 ? 20 : 200);
}

/** What is wrong at the end; what is being started again may take its time. */
async function differences(): Promise<string> {
  const until = Date.now() + PATIENCE_S * 1_000;
  for (;;) {
    const found = await load.differences().catch((error: unknown) => String(error));
    if (found === '' || Date.now() > until) return found;
    await pause(1_000);
  }
}

const wrong = await differences();
const refused = load.answers.filter(({ status }) => status >= 400).length;
const unanswered = load.answers.filter(({ status }) => status === 0).length;
console.log(
  `${load.answers.length} requests: ${refused} refused, ${unanswered} without an answer, ${load.acked} events acknowledged.`,
);
console.log(wrong === '' ? 'Each of them is found once.' : wrong);
process.exitCode = wrong === '' && load.acked > 0 ? 0 : 1;
