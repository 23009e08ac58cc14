import { ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Parser } from '../kinds/parser.js';
import { parseCopies } from '../testing/parser/contract-case.js';
import { sampleLines, shownAnswer, textLines } from '../testing/parser/line-samples.js';

/** What became of one line of a sample. */
export interface SampleLine {
  /** Name of the sample, without its ending. */
  readonly sample: string;
  /** From 1 on. */
  readonly number: number;
  readonly text: string;
  /** The event as JSON, or `{"refused": "<reason>"}`. */
  readonly found: string;
  /** What the author expects, in the same form; undefined where the expected output ends before. */
  readonly expected: string | undefined;
  readonly fits: boolean;
}

/** Names of the samples in a plugin's folder, without their ending. @param ending `.txt` of parsers, `.ndjson` of event types */
export function sampleNames(folder: string, ending: '.txt' | '.ndjson'): readonly string[] {
  return readdirSync(join(folder, 'samples'))
    .filter((file) => file.endsWith(ending) && !file.endsWith('.expected.ndjson'))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

/** Runs all samples of a parser. @throws what the parser throws, or an error that names an unreadable file */
export function runSampleLines(folder: string, parser: Parser): readonly SampleLine[] {
  return sampleNames(folder, '.txt').flatMap((sample) => {
    const lines = sampleLines(readSample(folder, `${sample}.txt`));
    const expected = expectedLines(folder, sample);
    return parseCopies(parser, lines).map((answer, at) => {
      const found: unknown = shownAnswer(answer, lines[at] as Uint8Array);
      const wanted = expected[at];
      return {
        sample,
        number: at + 1,
        text: Buffer.from(lines[at] as Uint8Array).toString(),
        found: JSON.stringify(found),
        expected: wanted,
        fits: wanted !== undefined && isDeepStrictEqual(found, JSON.parse(wanted)),
      };
    });
  });
}

/** Text of a file in `samples/`. */
export function readSample(folder: string, file: string): string {
  return readFileSync(join(folder, 'samples', file), 'utf8');
}

/** A line of a sample, and what is expected of it. */
export interface SamplePair {
  /** Without its end. */
  readonly line: string;
  /** JSON. */
  readonly expected: string;
}

/** The lines of all samples, each with its expected output. @throws an error that names files that don't fit together */
export function samplePairs(folder: string): readonly SamplePair[] {
  return sampleNames(folder, '.txt').flatMap((name) => {
    const lines = textLines(readSample(folder, `${name}.txt`));
    const expected = textLines(readSample(folder, `${name}.expected.ndjson`));
    ok(
      lines.length === expected.length,
      `samples/${name}.txt has ${lines.length} lines, samples/${name}.expected.ndjson has ${expected.length}.`,
    );
    return lines.map((line, at) => ({ line, expected: expected[at] ?? '' }));
  });
}

function expectedLines(folder: string, sample: string): readonly string[] {
  const there = readdirSync(join(folder, 'samples')).includes(`${sample}.expected.ndjson`);
  if (!there) return [];
  return textLines(readSample(folder, `${sample}.expected.ndjson`));
}
