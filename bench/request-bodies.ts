import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEvents } from './generate-events.js';

/** Where events come from and how they are cut into requests. */
export interface DataPlan {
  /** A folder of `*.ndjson` and `facts.json`; empty where the events are to be generated. */
  readonly directory: string;
  readonly events: number;
  readonly seed: number;
  readonly perRequest: number;
  /** Fields to add to each event that no type declares. */
  readonly undeclared: number;
}

/** NDJSON of one request and how many events are in it. */
export interface RequestBody {
  readonly bytes: Buffer;
  readonly events: number;
}

const DAY_MS = 86_400_000;

/** All request bodies, in memory, so that making them doesn't count in what is measured. */
export function makeBodies(plan: DataPlan): RequestBody[] {
  const bodies: RequestBody[] = [];
  let lines: string[] = [];
  let left = plan.events;
  const flush = (): void => {
    if (lines.length > 0) bodies.push({ bytes: Buffer.from(`${lines.join('\n')}\n`), events: lines.length });
    lines = [];
  };
  for (const line of readLines(plan)) {
    lines.push(plan.undeclared > 0 ? addFields(line, plan.undeclared, left) : line);
    left -= 1;
    if (lines.length === plan.perRequest) flush();
    if (left === 0) break;
  }
  flush();
  if (left > 0)
    throw new Error(`The data set has ${left} events fewer than asked; make it larger or ask for fewer.`);
  return bodies;
}

function readLines(plan: DataPlan): Iterable<string> {
  if (plan.directory !== '') return readFiles(plan);
  const endMs = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  return generateEvents({ seed: plan.seed, events: plan.events, startMs: endMs - DAY_MS, endMs });
}

function* readFiles({ directory, seed }: DataPlan): Generator<string> {
  const facts = join(directory, 'facts.json');
  const made = existsSync(facts) ? (JSON.parse(readFileSync(facts, 'utf8')) as { seed: number }).seed : seed;
  if (made !== seed)
    throw new Error(`The data in ${directory} was made with seed ${made}; ask for that one.`);
  const files = readdirSync(directory).filter((name) => name.endsWith('.ndjson'));
  for (const file of files.sort()) {
    for (const line of readFileSync(join(directory, file), 'utf8').split('\n')) {
      if (line !== '') yield line;
    }
  }
}

/** Text, number, and switch in turn; values that repeat as those of real fields do. */
export function addFields(line: string, count: number, salt: number): string {
  const fields = Array.from({ length: count }, (_, i) => {
    const value = [JSON.stringify(`value-${salt % 97}`), String(salt % 1009), String(salt % 2 === 0)][i % 3];
    return `,"extra_${i}":${value ?? 'null'}`;
  });
  return `${line.slice(0, -1)}${fields.join('')}}`;
}
