import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Appliance } from '../support/start-appliance.js';
import { FAULT_MODES, FAULT_POINTS, planFaults, type FaultMode } from './faults.js';
import { Oracle, type OracleOptions } from './oracle.js';

const USAGE = `npm run oracle -- [options]
  --rounds N             rounds of load, each ended by a fault (20)
  --seed N               same seed, same lines and faults (a new one each time; printed)
  --mode MODE            ${FAULT_MODES.join(', ')} (mixed)
  --points A,B           fault points to pass (all that are known)
  --verify-every N       rounds between two verifications (10)
  --connections N        connections that send at once (4)
  --events-per-round N   bounds the data (8000)`;

interface Arguments {
  readonly rounds: number;
  readonly seed: number;
  readonly mode: FaultMode;
  readonly points: readonly string[];
  readonly 'verify-every': number;
  readonly connections: number;
  readonly 'events-per-round': number;
}

function readArguments(): Arguments {
  const text = { type: 'string' } as const;
  const options = { rounds: text, seed: text, mode: text, points: text, connections: text } as const;
  const { values } = parseArgs({ options: { ...options, 'verify-every': text, 'events-per-round': text } });
  const mode = FAULT_MODES.find((known) => known === (values.mode ?? 'mixed'));
  if (mode === undefined) throw new Error(`There is no mode ${values.mode}.\n${USAGE}`);
  return {
    mode,
    points: values.points?.split(',') ?? FAULT_POINTS,
    rounds: readCount(values.rounds, 20),
    seed: readCount(values.seed, Date.now() % 1_000_000),
    'verify-every': readCount(values['verify-every'], 10),
    connections: readCount(values.connections, 4),
    'events-per-round': readCount(values['events-per-round'], 8_000),
  };
}

function readCount(text: string | undefined, otherwise: number): number {
  const count = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`${text} is not a count.\n${USAGE}`);
  return count;
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
async function runOracle(): Promise<boolean> {
  const given = readArguments();
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

const tailOf = (appliance: Appliance): string => appliance.output().slice(-4_000);

process.exitCode = (await runOracle()) ? 0 : 1;
