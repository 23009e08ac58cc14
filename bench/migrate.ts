// Moves an embedded appliance to real engines while they take events and are asked all the time, and kills the move three times:
// each day of each stream must be answered exactly or refused, at every moment.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, startEngines } from '../test/engines/several-processes.js';
import { NumberedLoad } from '../test/faults/numbered-load.js';
import { ApiClient } from '../test/support/api-client.js';
import { startCommand } from '../test/support/command-line.js';
import { createSeededRandom } from '../test/support/seeded-random.js';
import { Appliance } from '../test/support/start-appliance.js';
import { readOptions } from './options.js';
import { printReport } from './report.js';

const options = readOptions(
  { events: 5_000_000, days: 10, kills: 3, seed: Math.floor(Math.random() * 2 ** 31), json: false },
  process.argv.slice(2),
);
const STREAMS = ['web', 'shop'];
const FIRST_DAY = Date.parse('2026-09-01T00:00:00Z');
const DAY_MS = 86_400_000;
const REQUEST_EVENTS = 5_000;
const SENDERS = 4;
const EACH = Math.floor(options.events / STREAMS.length / options.days);

interface Day {
  readonly stream: string;
  readonly start: number;
}
const DAYS: readonly Day[] = STREAMS.flatMap((stream) =>
  Array.from({ length: options.days }, (_, day) => ({ stream, start: FIRST_DAY + day * DAY_MS })),
);

/** Some events of a day, each with its own number within the day. */
function bodyOf({ stream, start }: Day, first: number): string {
  const lines: string[] = [];
  for (let n = first; n < Math.min(first + REQUEST_EVENTS, EACH); n += 1) {
    const timestamp = new Date(start + ((n * 7_919) % DAY_MS)).toISOString();
    const level = n % 50 === 0 ? 'error' : 'info';
    const message = `${stream} request ${n} done in ${n % 997} ms for user ${(n * 31) % 10_007}`;
    lines.push(JSON.stringify({ timestamp, level, service: `s${n % 9}`, message, n }));
  }
  return `${lines.join('\n')}\n`;
}

async function fill(old: Appliance): Promise<void> {
  for (const stream of STREAMS)
    await ask(old, '/api/v1/streams', { method: 'POST', json: { name: stream, event_type: 'log' } });
  const requests = DAYS.flatMap((day) =>
    Array.from({ length: Math.ceil(EACH / REQUEST_EVENTS) }, (_, n) => ({ day, first: n * REQUEST_EVENTS })),
  ).values();
  const send = async (): Promise<void> => {
    for (const { day, first } of requests) await sendWhole(old, day.stream, bodyOf(day, first));
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

async function sendWhole(at: Appliance, stream: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${at.adminKey}`, 'content-type': 'application/x-ndjson' };
  for (;;) {
    const answer = await fetch(`${at.url}/api/v1/streams/${stream}/events`, {
      method: 'POST',
      headers,
      body,
    });
    await answer.arrayBuffer();
    if (answer.status === 202) return;
    if (answer.status !== 429 && answer.status !== 503)
      throw new Error(`A request was answered ${answer.status}.`);
    await pause(500);
  }
}

/** `right`, `refused` since it is on its way, or what is wrong. */
async function judge(at: Appliance, { stream, start }: Day): Promise<string> {
  const range = {
    start_time: new Date(start).toISOString(),
    end_time: new Date(start + DAY_MS).toISOString(),
  };
  const metrics = [
    { function: 'count' },
    { function: 'sum', field: 'n', name: 'sum' },
    { function: 'unique', field: 'n', exact: true, name: 'unique' },
  ];
  const asked = { method: 'POST', json: { ...range, stream, metrics } };
  const { status, body } = await ask(at, '/api/v1/logs/aggregate', asked);
  if (status === 503 && body['code'] === 'history_on_its_way') return 'refused';
  const text = JSON.stringify(body['buckets'] ?? body);
  const wanted = [`"count":${EACH}`, `"sum":${(EACH * (EACH - 1)) / 2}`, `"unique":${EACH}`];
  return wanted.every((part) => text.includes(part)) ? 'right' : `${status} ${text.slice(0, 300)}`;
}

const random = createSeededRandom(options.seed);
const engines = await startEngines();
const oldDirectory = await mkdtemp(join(tmpdir(), 'alluvium-old-'));
const ADMIN = { ALLUVIUM_ADMIN_KEY: String(engines.env['ALLUVIUM_ADMIN_KEY']) };
const old = await Appliance.prepare({ dataDirectory: oldDirectory, env: ADMIN });
const [api, worker] = [await engines.prepare('api'), await engines.prepare('worker')];
const answers = new Map<string, number>();
const seconds = (since: number): number => (performance.now() - since) / 1_000;

/** Calls the command; kills it after a time, where one is given. Resolves with whether it ended by itself. */
async function migrate(killAfterMs?: number): Promise<boolean> {
  const env = { ...engines.env, ALLUVIUM_ROLES: 'api', ALLUVIUM_DATA_DIR: api.dataDirectory };
  const running = startCommand(['migrate', oldDirectory], { env });
  const kill =
    killAfterMs === undefined ? undefined : setTimeout(() => running.child.kill('SIGKILL'), killAfterMs);
  const { code, signal, stderr } = await running.ended;
  clearTimeout(kill);
  if (code === 0) return true;
  if (signal === 'SIGKILL') return false;
  throw new Error(`migrate ended with ${code}: ${stderr}`);
}

try {
  process.stdout.write(`seed ${options.seed}\n`);
  await old.restart();
  let began = performance.now();
  await fill(old);
  await old.stop();
  const filled = seconds(began);
  began = performance.now();
  let kills = 0;
  // The switch comes first, so that the rest happens under load.
  const env = { ...engines.env, ALLUVIUM_ROLES: 'api', ALLUVIUM_DATA_DIR: api.dataDirectory };
  const first = startCommand(['migrate', oldDirectory], { env });
  while (!first.stdout().includes('Start the new appliance')) {
    if (first.child.exitCode !== null) throw new Error((await first.ended).stderr);
    await pause(50);
  }
  const switched = seconds(began);
  const starting = performance.now();
  await Promise.all([api.restart(), worker.restart()]);
  const started = seconds(starting);
  if (options.kills > 0 && first.child.kill('SIGKILL')) kills += 1;
  await first.ended;
  let isOver = false;
  const load = await new NumberedLoad(new ApiClient(api), { stream: 'new' }).open();
  const sending = (async () => {
    while (!isOver) await Promise.all([load.send(100), pause(100)]);
  })();
  const asking = (async () => {
    while (!isOver) {
      const verdict = await judge(api, random.pick(DAYS as [Day, ...Day[]]));
      answers.set(verdict, (answers.get(verdict) ?? 0) + 1);
    }
  })();
  for (; kills < options.kills; kills += 1) if (await migrate(4_000 + random.below(8_000))) break;
  await migrate();
  const moved = seconds(began);
  isOver = true;
  await Promise.all([sending, asking]);
  await pause(6_000);
  const last = new Map<string, number>();
  for (const day of DAYS) {
    const verdict = await judge(api, day);
    last.set(verdict, (last.get(verdict) ?? 0) + 1);
  }
  const differences = await load.differences();
  printReport(
    'migrate',
    [
      { name: 'events moved', value: EACH * DAYS.length, unit: 'events' },
      { name: 'filling the old appliance', value: filled, unit: 's' },
      { name: 'until the switch', value: switched, unit: 's' },
      { name: 'start of the new processes', value: started, unit: 's' },
      { name: 'all moved, kills and load included', value: moved, unit: 's' },
      {
        name: 'kills of the move',
        value: kills,
        unit: 'kills',
        bound: { kind: 'at least', value: options.kills },
      },
      { name: 'answers while it moved: right', value: answers.get('right') ?? 0, unit: 'answers' },
      { name: 'answers while it moved: refused', value: answers.get('refused') ?? 0, unit: 'answers' },
      {
        name: 'days right at the end',
        value: last.get('right') ?? 0,
        unit: 'days',
        bound: { kind: 'at least', value: DAYS.length },
      },
      { name: 'new events acknowledged meanwhile', value: load.acked, unit: 'events' },
    ],
    options.json,
  );
  const wrong = [...answers.keys(), ...last.keys()].filter(
    (verdict) => !['right', 'refused'].includes(verdict),
  );
  if (wrong.length > 0 || differences !== '' || last.get('right') !== DAYS.length) {
    process.stdout.write(`WRONG: ${[...wrong, differences].join('\n')}\n`);
    process.exitCode = 1;
  }
} finally {
  await old.dispose();
  await engines.stop();
  await rm(oldDirectory, { recursive: true, force: true });
}
