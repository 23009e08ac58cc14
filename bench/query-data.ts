import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEvents } from './generate-events.js';

/** Events to be asked about, one JSON text each. */
export interface QueryData {
  readonly lines: Iterable<string>;
  /** Milliseconds since the epoch; every event lies in [startMs, endMs). */
  readonly startMs: number;
  readonly endMs: number;
  /** A word of few events' messages. */
  readonly rareWord: string;
}

interface Facts {
  readonly start: string;
  readonly end: string;
  readonly rareWord: string;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const RARE_WORD = 'zanzibar';
const RARE_EVERY = 100_000;

/** Generated events up to the last full hour; one in 100,000 carries a rare word. */
export function generatedData(plan: {
  readonly events: number;
  readonly seed: number;
  readonly days: number;
}): QueryData {
  const endMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const startMs = endMs - plan.days * DAY_MS;
  // A generated event may come up to a second after its turn.
  const range = { startMs, endMs: endMs + MINUTE_MS };
  return { ...range, rareWord: RARE_WORD, lines: withRareWord(generateEvents({ ...plan, startMs, endMs })) };
}

/** The events of a folder of `*.ndjson` files with a `facts.json` beside them. @throws Error where there is none */
export function folderData(directory: string, events: number): QueryData {
  const path = join(directory, 'facts.json');
  if (!existsSync(path))
    throw new Error(`${directory} has no facts.json, which says what time its events are of.`);
  const facts = JSON.parse(readFileSync(path, 'utf8')) as Facts;
  const range = { startMs: Date.parse(facts.start), endMs: Date.parse(facts.end) };
  return { ...range, rareWord: facts.rareWord, lines: firstOf(folderLines(directory), events) };
}

function* withRareWord(lines: Iterable<string>): Generator<string> {
  let count = 0;
  for (const line of lines) {
    count += 1;
    yield count % RARE_EVERY === 0 ? line.replace('"message":"', `"message":"${RARE_WORD} `) : line;
  }
}

function* folderLines(directory: string): Generator<string> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.ndjson'));
  for (const file of files.sort()) {
    for (const line of readFileSync(join(directory, file), 'utf8').split('\n')) if (line !== '') yield line;
  }
}

function* firstOf(lines: Iterable<string>, count: number): Generator<string> {
  let left = count;
  for (const line of lines) {
    if (left <= 0) return;
    left -= 1;
    yield line;
  }
}
