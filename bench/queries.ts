import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { askQuery, type Asked } from './ask-queries.js';
import { withAppliance, type BenchAppliance } from './bench-appliance.js';
import { dayQueries } from './day-queries.js';
import { loadLines } from './load-lines.js';
import { describeMachine } from './machine.js';
import { readOptions } from './options.js';
import { folderData, generatedData, type QueryData } from './query-data.js';
import { QueryReference } from './query-reference.js';
import { renderComparison, renderRange } from './query-report.js';
import { rangeQueries } from './range-queries.js';
import { runBareQueries } from './run-bare-queries.js';

const options = readOptions(
  {
    data: process.env['ALLUVIUM_BENCH_DATA'] ?? '',
    events: 5_000_000,
    seed: 1,
    days: 1,
    runs: 20,
    'warm-ups': 3,
    'no-bare': false,
    json: false,
  },
  process.argv.slice(2),
);

const STREAM = 'bench';
const TABLE = '`tenant_default`.`stream.bench`';
const LIMIT_MS = 3_600_000;
const QUIET_MS = 5_000;
const runs = { warmUps: options['warm-ups'], runs: options.runs };

interface Answered {
  readonly asked: readonly Asked[];
  /** Milliseconds of the bare engine, by query; empty where it was not asked. */
  readonly bare: readonly (readonly number[])[];
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

async function measure(bench: BenchAppliance, data: QueryData): Promise<Answered> {
  const reference = await load(bench, data);
  const isDay = options.days <= 1;
  const queries = isDay
    ? dayQueries(data, reference)
    : rangeQueries(data, reference, await someEventId(bench, reference));
  const asked: Asked[] = [];
  for (const query of queries) asked.push(await askQuery(bench.appliance, query, reference, runs));
  if (options['no-bare']) return { asked, bare: [] };
  // Only one process can have the engine's directory open.
  await bench.appliance.stop();
  const statements = queries.map(({ statement }) => statement(TABLE));
  const directory = engineDirectory(bench.appliance.dataDirectory);
  return { asked, bare: await runBareQueries({ directory, statements, ...runs }) };
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
const title = `${options.events} events over ${options.days} d, seed ${options.seed}, ${options.runs} runs of each query`;
if (options.json) console.log(JSON.stringify({ title, machine, asked, bare }));
else
  console.log(
    `${title}\n  ${JSON.stringify(machine)}\n${(options.days <= 1 ? renderComparison : renderRange)(asked, bare)}`,
  );
if (asked.some(({ mistake }) => mistake !== '')) process.exitCode = 1;
