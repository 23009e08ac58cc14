import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { primaryOf } from '../test/oracle/distributed/engine-questions.js';
import type { EngineNode } from '../test/oracle/distributed/engines.js';
import { DistributedRig } from '../test/oracle/distributed/rig.js';
import { ApiClient } from '../test/support/api-client.js';
import { pause } from '../test/support/appliance-process.js';
import { startHaproxy } from '../test/support/start-haproxy.js';
import { atSignals } from './at-signals.js';
import { readOptions } from './options.js';
import { printReport, type Figure } from './report.js';
import { SteadyLoad, summarise, type LoadSummary, type SteadyRequest } from './steady-load.js';

const options = readOptions(
  { minutes: 3, rate: 50, only: '', 'leave-seconds': 5, json: false },
  process.argv.slice(2),
);

const STREAM = 'rolling';
const GIVE_UP_MS = 60_000;
/** Milliseconds for which a lost node is gone. */
const LOST_MS = 5_000;

/** Something that is restarted or lost under load, and is there again when it resolves. */
interface Step {
  readonly name: string;
  act(rig: DistributedRig): Promise<void>;
}

const ALL_STEPS: readonly Step[] = [
  { name: 'nothing', act: async () => undefined },
  ...['api-1', 'api-2'].map((name): Step => ({
    name: `${name} restarted`,
    act: ({ members }) => restart(members.find((member) => member.name === name)),
  })),
  { name: 'writing worker restarted', act: ({ workers }) => restart(workers.leading) },
  { name: 'other worker restarted', act: ({ workers }) => restart(workers.other) },
  { name: 'scheduler restarted', act: ({ scheduler }) => restart(scheduler) },
  { name: 'a broker lost', act: ({ engines }) => lose(engines.brokers[0]) },
  { name: 'primary of MongoDB lost', act: async ({ engines }) => lose(await primaryOf(engines)) },
  { name: 'ClickHouse restarted', act: ({ engines }) => restartEngine(engines.clickhouse[0]) },
  { name: 'Redis restarted', act: ({ engines }) => restartEngine(engines.redis[0]) },
];

/** Those whose names hold the text of `--only`. */
const STEPS = ALL_STEPS.filter(({ name }) => name.includes(options.only));
if (STEPS.length === 0)
  throw new Error(`--only is in none of: ${ALL_STEPS.map(({ name }) => name).join(', ')}.`);

async function restart(member: DistributedRig['scheduler'] | undefined): Promise<void> {
  await member?.stop();
  await member?.start();
}

async function restartEngine(node: EngineNode | undefined): Promise<void> {
  await node?.end();
  await node?.start();
}

async function lose(node: EngineNode | undefined): Promise<void> {
  await node?.kill();
  await pause(LOST_MS);
  await node?.start();
}

/** Takes the steps one after the other, each in its share of the time. @returns what became of the load in each */
async function roll(rig: DistributedRig, url: string): Promise<readonly Figure[]> {
  const { adminKey: key } = rig.target;
  const { status } = await new ApiClient(rig.target).createStream(STREAM, 'log');
  if (status >= 300) throw new Error(`Creating a stream answered ${status}`);
  const load = new SteadyLoad({ url, key, stream: STREAM, rate: options.rate, giveUpMs: GIVE_UP_MS });
  const shareMs = (options.minutes * 60_000) / STEPS.length;
  const begun: number[] = [];
  for (const step of STEPS) {
    begun.push(performance.now());
    await Promise.all([pause(shareMs), step.act(rig)]);
  }
  await load.end();
  const steps = STEPS.flatMap(({ name }, nth) => stepFigures(name, load.done, begun.slice(nth, nth + 2)));
  return [...steps, ...totals(load.done)];
}

function stepFigures(name: string, done: readonly SteadyRequest[], [from, to]: readonly number[]): Figure[] {
  const summary = summarise(done, from, to);
  console.error(`${name}: ${JSON.stringify(summary)}`);
  return [
    { name: `${name}: 2xx at first try`, value: summary.firstTry, unit: '%' },
    { name: `${name}: longest gap`, value: summary.longestGapMs, unit: 'ms' },
  ];
}

function totals(done: readonly SteadyRequest[]): Figure[] {
  const all = summarise(done);
  const of = (isKeyed: boolean): LoadSummary => summarise(done.filter((each) => each.isKeyed === isKeyed));
  return [
    { name: 'requests', value: all.requests, unit: '' },
    {
      ...{ name: 'all: 2xx at first try', value: all.firstTry, unit: '%' },
      bound: { kind: 'at least', value: 99.9 },
    },
    { name: 'all, without a key: 2xx at first try', value: of(false).firstTry, unit: '%' },
    { name: 'all, with an Idempotency-Key: 2xx at first try', value: of(true).firstTry, unit: '%' },
    {
      ...{ name: 'all: 2xx after the documented retry', value: all.afterRetry, unit: '%' },
      bound: { kind: 'at least', value: 100 },
    },
    { name: 'all: longest gap', value: all.longestGapMs, unit: 'ms' },
    { name: 'all: slowest request', value: all.slowestMs, unit: 'ms' },
  ];
}

const directory = await mkdtemp(join(tmpdir(), 'alluvium-rolling-'));
const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
atSignals(remove);
const rig = await DistributedRig.start(directory, {
  ALLUVIUM_HTTP_LEAVE_SECONDS: String(options['leave-seconds']),
});
atSignals(() => rig.stop());
try {
  const addresses = rig.of('api').map(({ name, url }) => [name, url] as const);
  const proxy = await startHaproxy(directory, Object.fromEntries(addresses));
  try {
    const title = `Rolling restarts: ${options.minutes} minutes, ${options.rate} requests/s by HAProxy; ${rig.engines.describe()}`;
    printReport(title, await roll(rig, proxy.url), options.json);
  } finally {
    await proxy.stop();
  }
} finally {
  await rig.stop();
  await remove();
}
// A client of Kafka may keep a timer of its own for minutes.
process.exit();
