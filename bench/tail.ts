import { TailClient } from '../test/support/tail-client.js';
import { pause } from '../test/support/appliance-process.js';
import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { readOptions } from './options.js';
import { readCpuSeconds } from './proc.js';
import { printReport, type Figure } from './report.js';
import type { SenderResult } from './sender-job.js';
import { prepareSender } from './start-sender.js';

const options = readOptions(
  { data: process.env['ALLUVIUM_BENCH_DATA'] ?? '', seed: 1, seconds: 20, rate: 20_000, json: false },
  process.argv.slice(2),
);

const STREAM = 'tailed';
const LIMIT_MS = 120_000;
const PER_REQUEST = 500;
/** By how much tails may slow acknowledgements at the 99th percentile, over those without any. */
const SLOWER = 1.5;

interface Round {
  readonly sent: SenderResult;
  readonly cpuSeconds: number;
}

/** Sends at the rate of the options, and waits until all of it is stored. */
async function send(bench: BenchAppliance): Promise<Round> {
  const { url, adminKey: key, pid } = bench.appliance;
  const { rate, seconds, seed } = options;
  const data = { directory: options.data, events: rate * 2, seed, perRequest: PER_REQUEST, undeclared: 0 };
  const start = await prepareSender({ url, key, streams: [STREAM], connections: 4, data, rate, seconds });
  const before = readCpuSeconds(pid);
  const sent = await start();
  await bench.waitUntilStored(sent.receipts, LIMIT_MS);
  return { sent, cpuSeconds: readCpuSeconds(pid) - before };
}

const open = ({ appliance }: BenchAppliance): Promise<TailClient> => TailClient.open(appliance, {}, false);

/** A reader that takes everything, and one that takes nothing until the end, beside the same load. */
async function sendBesideTails(bench: BenchAppliance) {
  const [quick, slow] = [await open(bench), await open(bench)];
  slow.pause();
  const round = await send(bench);
  slow.resume();
  const deadline = Date.now() + LIMIT_MS;
  while (
    [quick, slow].some(({ accounted }) => accounted < round.sent.acceptedEvents) &&
    Date.now() < deadline
  )
    await pause(100);
  for (const tail of [quick, slow]) tail.leave();
  return { round, quick, slow };
}

async function measure(bench: BenchAppliance): Promise<Figure[]> {
  await bench.createStream(STREAM, 'service-log');
  // The first round also makes and compiles what is made only once.
  await send(bench);
  const alone = await send(bench);
  const { round, quick, slow } = await sendBesideTails(bench);
  const all = round.sent.acceptedEvents;
  const [before, beside] = [alone.sent.acknowledgement, round.sent.acknowledgement];
  return [
    { name: 'acknowledged alone', value: rateOf(alone), unit: 'events/s' },
    { name: 'acknowledged beside tails', value: rateOf(round), unit: 'events/s' },
    { name: 'acknowledgement alone, p50', value: before.p50, unit: 'ms' },
    { name: 'acknowledgement beside tails, p50', value: beside.p50, unit: 'ms' },
    { name: 'acknowledgement alone, p99', value: before.p99, unit: 'ms' },
    {
      ...{ name: 'acknowledgement beside tails, p99', value: beside.p99, unit: 'ms' },
      bound: { kind: 'at most', value: before.p99 * SLOWER },
    },
    { name: 'server CPU alone', value: alone.cpuSeconds, unit: 's' },
    { name: 'server CPU beside tails', value: round.cpuSeconds, unit: 's' },
    ...figuresOf('quick reader', quick, all),
    ...figuresOf('slow reader', slow, all),
  ];
}

function rateOf({ sent }: Round): number {
  return (sent.acceptedEvents / sent.elapsedMs) * 1_000;
}

function figuresOf(name: string, { came, dropped, accounted }: TailClient, all: number): Figure[] {
  return [
    { name: `${name}: events`, value: came, unit: '' },
    { name: `${name}: dropped`, value: dropped, unit: '' },
    {
      ...{ name: `${name}: neither sent nor told`, value: Math.abs(all - accounted), unit: '' },
      bound: { kind: 'at most', value: 0 },
    },
  ];
}

const title = `Live tail: ${options.rate} events/s for ${options.seconds} s, seed ${options.seed}`;
printReport(title, await withAppliance(measure), options.json);
