import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Appliance } from '../support/start-appliance.js';
import { DISTRIBUTED_FAULTS, type DistributedFault } from './distributed/distributed-faults.js';
import { runDistributed } from './distributed/run-distributed.js';
import { FAULT_MODES, FAULT_POINTS, planFaults, type FaultMode } from './faults.js';
import { Oracle, type OracleOptions } from './oracle.js';

const EDITIONS = ['embedded', 'distributed'] as const;
const USAGE = `npm run oracle -- [options]
  --edition EDITION      embedded: one process, ended by each fault; distributed: 2 api, 2 worker and a scheduler on three
                         brokers of Kafka, a replica set of MongoDB, ClickHouse, Redis and S3, started for it (embedded)
  --rounds N             rounds of load, each with a fault (20)
  --seed N               same seed, same lines and faults (a new one each time; printed)
  --verify-every N       rounds between two verifications (10; distributed: 5)
  --connections N        connections that send at once (4)
  --events-per-round N   bounds the data (8000)
  --help                 this text
of the embedded edition
  --mode MODE            ${FAULT_MODES.join(', ')} (mixed)
  --points A,B           fault points to pass (all that are known)
of the distributed edition
  --faults A,B           those to choose from (all):
${DISTRIBUTED_FAULTS.map(({ name, about }) => `      ${name.padEnd(14)} ${about}`).join('\n')}

Example: npm run oracle -- --edition distributed --rounds 100 --seed 7`;

interface Arguments {
  readonly edition: (typeof EDITIONS)[number];
  readonly faults: readonly DistributedFault[];
  readonly rounds: number;
  readonly seed: number;
  readonly mode: FaultMode;
  readonly points: readonly string[];
  readonly 'verify-every': number;
  readonly connections: number;
  readonly 'events-per-round': number;
}

/** Undefined where it was asked for help. @throws Error where an option is wrong, with what is right */
function readArguments(): Arguments | undefined {
  const text = { type: 'string' } as const;
  const options = { rounds: text, seed: text, connections: text, edition: text, faults: text } as const;
  const more = { mode: text, points: text, 'verify-every': text, 'events-per-round': text } as const;
  const { values } = parseArgs({ options: { ...options, ...more, help: { type: 'boolean' } } });
  if (values.help) return undefined;
  const edition = EDITIONS.find((known) => known === (values.edition ?? 'embedded'));
  if (edition === undefined) throw new Error(`There is no edition ${values.edition}.\n${USAGE}`);
  const mode = FAULT_MODES.find((known) => known === (values.mode ?? 'mixed'));
  if (mode === undefined) throw new Error(`There is no mode ${values.mode}.\n${USAGE}`);
  const foreign = edition === 'embedded' ? ['faults'] : ['mode', 'points'];
  const misplaced = foreign.find((name) => name in values);
  if (misplaced) throw new Error(`--${misplaced} is not of the edition ${edition}.\n${USAGE}`);
  return {
    edition,
    mode,
    faults: values.faults?.split(',').map(findFault) ?? DISTRIBUTED_FAULTS,
    points: values.points?.split(',') ?? FAULT_POINTS,
    rounds: readCount(values.rounds, 20),
    seed: readCount(values.seed, Date.now() % 1_000_000),
    'verify-every': readCount(values['verify-every'], edition === 'embedded' ? 10 : 5),
    connections: readCount(values.connections, 4),
    'events-per-round': readCount(values['events-per-round'], 8_000),
  };
}

function readCount(text: string | undefined, otherwise: number): number {
  const count = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`${text} is not a count.\n${USAGE}`);
  return count;
}

function findFault(name: string): DistributedFault {
  const found = DISTRIBUTED_FAULTS.find((known) => known.name === name);
  if (!found) throw new Error(`There is no fault ${name}.\n${USAGE}`);
  return found;
}

function makeOptions(given: Arguments, directory: string): OracleOptions {
  const baseMs = Date.now();
  return {
    plan: { run: `r${given.seed}t${baseMs.toString(36)}`, seed: given.seed, baseMs },
    faults: planFaults(given),
    connections: given.connections,
    verifyEvery: given['verify-every'],
    eventsPerRound: given['events-per-round'],
    obligationsPath: join(directory, 'obligations.ndjson'),
    log: (line) => console.log(line),
  };
}

/** Where something is wrong, the data stays for whoever looks into it. */
async function runEmbedded(given: Arguments): Promise<boolean> {
  console.log(`Oracle: seed ${given.seed}, ${given.rounds} rounds, mode ${given.mode}`);
  const directory = await mkdtemp(join(tmpdir(), 'alluvium-oracle-'));
  const appliance = await Appliance.prepare({ dataDirectory: join(directory, 'data') });
  const oracle = new Oracle(appliance, makeOptions(given, directory));
  let isClean = false;
  try {
    await oracle.run();
    isClean = oracle.violations.total === 0;
  } finally {
    await appliance.kill();
    if (isClean) await rm(directory, { recursive: true, force: true });
    else
      console.log(
        `The data and the obligations are kept in ${directory}. The newest output:\n${tailOf(appliance)}`,
      );
    console.log(`seed ${given.seed}: ${oracle.tally.describe()}`);
  }
  console.log(isClean ? 'Every acknowledged event was found exactly once.' : oracle.violations.describe());
  return isClean;
}

async function runOnEngines(given: Arguments): Promise<boolean> {
  console.log(`Oracle: distributed edition, seed ${given.seed}, ${given.rounds} rounds`);
  const result = await runDistributed({
    ...given,
    verifyEvery: given['verify-every'],
    eventsPerRound: given['events-per-round'],
    log: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
  });
  console.log(result.summary);
  console.log(result.isClean ? 'Every acknowledged event was found exactly once.' : result.violations);
  return result.isClean;
}

async function runOracle(): Promise<boolean> {
  const given = readArguments();
  if (given) return given.edition === 'embedded' ? runEmbedded(given) : runOnEngines(given);
  console.log(USAGE);
  return true;
}

const tailOf = (appliance: Appliance): string => appliance.output().slice(-4_000);

// What was started ends with this process, in whatever way that is asked to.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const)
  process.once(signal, () => process.exit(128 + number));
try {
  process.exitCode = (await runOracle()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
