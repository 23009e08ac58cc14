import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AskJob, Answered } from './ask-job.js';
import type { BareQueriesJob, BareQueriesResult } from './bare-queries-job.js';
import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { dayQueries } from './day-queries.js';
import { loadLines } from './load-lines.js';
import { describeMachine } from './machine.js';
import { readOptions } from './options.js';
import { inOwnProcess } from './own-process.js';
import type { Answer, QueryCase } from './query-case.js';
import { folderData, generatedData, type QueryData } from './query-data.js';
import { QueryReference } from './query-reference.js';
import { renderComparison, renderRange, type Asked } from './query-report.js';
import { rangeQueries } from './range-queries.js';

const options = readOptions(
  {
    data: process.env['ALLUVIUM_BENCH_DATA'] ?? '',
    events: 5_000_000,
    seed: 1,
    days: 1,
    runs: 60,
    rounds: 5,
    'warm-ups': 3,
    'warm-up-ms': 2_000,
    'no-bare': false,
    json: false,
  },
  process.argv.slice(2),
);

const STREAM = 'bench';
const TABLE = '`tenant_default`.`stream.bench`';
const LIMIT_MS = 3_600_000;
const QUIET_MS = 5_000;
const runs = {
  warmUps: options['warm-ups'],
  warmUpMs: options['warm-up-ms'],
  runs: Math.ceil(options.runs / options.rounds),
};

/** Milliseconds of the appliance and of the bare engine, by query, and the appliance's last answers. */
interface Round {
  readonly answered: readonly Answered[];
  /** Empty where the bare engine was not asked. */
  readonly bare: BareQueriesResult;
}

async function load(bench: BenchAppliance, data: QueryData): Promise<QueryReference> {
  const reference = new QueryReference(data);
  await bench.createStream(STREAM, 'service-log');
  const receipts = await loadLines(bench.api, STREAM, reference.through(data.lines));
  await bench.waitUntilStored(receipts, LIMIT_MS);
  await bench.waitUntilDrained(LIMIT_MS);
  await bench.waitUntilSettled(QUIET_MS, LIMIT_MS);
  return reference;
}

async function measure(bench: BenchAppliance, data: QueryData) {
  const reference = await load(bench, data);
  const isDay = options.days <= 1;
  const queries = isDay
    ? dayQueries(data, reference)
    : rangeQueries(data, reference, await someEventId(bench, reference));
  // In turn, since the speed of a machine that others share changes by the minute.
  const rounds: Round[] = [];
  for (let i = 0; i < options.rounds; i += 1) rounds.push(await measureOnce(bench, queries));
  const asked = queries.map((query, i): Asked => {
    const times = rounds.flatMap(({ answered }) => answered[i]?.times ?? []);
    const answer = JSON.parse(rounds.at(-1)?.answered[i]?.answer ?? '{}') as Answer;
    return { query, times, mistake: query.check(answer, reference) };
  });
  return { asked, bare: queries.map((_, i) => rounds.flatMap(({ bare }) => bare[i] ?? [])) };
}

async function measureOnce(bench: BenchAppliance, queries: readonly QueryCase[]): Promise<Round> {
  if (!bench.appliance.isRunning) {
    await bench.appliance.restart();
    await bench.waitUntilSettled(QUIET_MS, LIMIT_MS);
  }
  const { url, adminKey: key } = bench.appliance;
  const questions = queries.map(({ path, body }) => ({ path, body: body && JSON.stringify(body) }));
  const ask: AskJob = { url, key, questions, ...runs };
  const answered = await inOwnProcess<Answered[]>('ask-queries.ts', ask);
  if (options['no-bare']) return { answered, bare: [] };
  // Only one process can have the engine's directory open.
  await bench.appliance.stop();
  const statements = queries.map(({ statement }) => statement(TABLE));
  const directory = engineDirectory(bench.appliance.dataDirectory);
  const job: BareQueriesJob = { directory, statements, ...runs };
  return { answered, bare: await inOwnProcess<BareQueriesResult>('bare-queries.ts', job) };
}

/** The event that the queries' trace is of. */
async function someEventId({ api }: BenchAppliance, { trace }: QueryReference): Promise<string> {
  const range = { start_time: '1980-01-01T00:00:00Z', end_time: 'now+2d' };
  const { body } = await api.logs({ stream: STREAM, ...range, filters: { trace_id: trace }, limit: 1 });
  return body.logs[0]?.event_id ?? '';
}

function engineDirectory(dataDirectory: string): string {
  const found = readdirSync(dataDirectory, { recursive: true, withFileTypes: true });
  const chdb = found.find((entry) => entry.isDirectory() && entry.name === 'chdb');
  if (!chdb) throw new Error(`There is no engine under ${dataDirectory}`);
  return join(chdb.parentPath, chdb.name);
}

const { data: folder, ...plan } = options;
const data = folder === '' ? generatedData(plan) : folderData(folder, plan.events);
const { asked, bare } = await withAppliance((bench) => measure(bench, data));
const machine = describeMachine();
const title = `${options.events} events over ${options.days} d, seed ${options.seed}, ${options.runs} runs of each query in ${options.rounds} rounds, each warmed up for ${options['warm-up-ms'] / 1_000} s`;
if (options.json) console.log(JSON.stringify({ title, machine, asked, bare }));
else
  console.log(
    `${title}\n  ${JSON.stringify(machine)}\n${(options.days <= 1 ? renderComparison : renderRange)(asked, bare)}`,
  );
if (asked.some(({ mistake }) => mistake !== '')) process.exitCode = 1;
