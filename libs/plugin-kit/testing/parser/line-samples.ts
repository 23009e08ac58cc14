import { isDeepStrictEqual } from 'node:util';
import type { ParsedLine, Parser } from '#plugin-kit';
import { parseCopies } from './contract-case.js';

/**
 * What is wrong with a sample of a parser, a text with a line for each event, and with its expected output, an NDJSON text
 * with what each line becomes: the event, or `{"refused": "<reason>"}`. One sentence for each problem, with its line.
 */
export function lineSampleProblems(parser: Parser, sample: string, expected: string): readonly string[] {
  const lines = sampleLines(sample);
  const wanted = textLines(expected).map((line) => JSON.parse(line) as unknown);
  if (lines.length === 0) return ['the sample has no line'];
  if (lines.length !== wanted.length)
    return [`the sample has ${lines.length} lines, its expected output ${wanted.length}`];
  return parseCopies(parser, lines).flatMap((answer, at) => {
    const found = shownAnswer(answer, lines[at] as Uint8Array);
    return isDeepStrictEqual(found, wanted[at]) ? [] : [`line ${at + 1}: becomes ${JSON.stringify(found)}`];
  });
}

/** The lines of a sample. */
export function sampleLines(sample: string): readonly Uint8Array[] {
  return textLines(sample).map((line) => Buffer.from(line));
}

/** The lines of a text but for empty ones. */
export function textLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** What an answer is compared as: the event, or the reason of a refusal. */
export function shownAnswer(answer: ParsedLine, line: Uint8Array): unknown {
  if (answer.kind === 'refused') return { refused: answer.reason };
  return answer.kind === 'event' ? answer.event : JSON.parse(Buffer.from(line).toString());
}
