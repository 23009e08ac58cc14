import { SURE, type ParseContext } from '#plugin-kit';
import { isTakenTime } from './event-time.js';
import type { GuardedParser } from './guarded-parser.js';
import type { DirectLineParser, Verdict } from './verdict.js';

/**
 * Chooses a parser for each line by how sure each is of it. The one that was chosen last is asked first, and where it is
 * as sure as `SURE` nobody else is. A line that its parser refuses goes to the next that thinks it could be its own; one
 * that none takes is an event whose message is the line, with `parse_status: none`. So nothing is ever refused.
 */
export function openAutoParser(parsers: readonly GuardedParser[]): DirectLineParser {
  let last: GuardedParser | undefined;
  const choose = (line: Uint8Array): GuardedParser | undefined => {
    if (last && last.sniff(line) >= SURE) return last;
    const [best] = surestOf(parsers, line);
    last = best ?? last;
    return best;
  };
  return (lines, context) => {
    const verdicts = new Array<Verdict>(lines.length);
    for (const [parser, places] of groupPlaces(lines.map(choose))) {
      const some = places.map((at) => lines[at] as Uint8Array);
      const found = parser ? parser.parse(some, context) : some.map((line) => unknownLine(line));
      found.forEach((verdict, n) => {
        const line = some[n] as Uint8Array;
        const others = parsers.filter((other) => other !== parser);
        const isTaken = fits(verdict, context);
        verdicts[places[n] as number] = isTaken ? verdict : tryOthers(others, line, verdict, context);
      });
    }
    return verdicts;
  };
}

/** Those that think the line could be theirs, the surest first; of equals the first by name. */
function surestOf(parsers: readonly GuardedParser[], line: Uint8Array): readonly GuardedParser[] {
  const rated = parsers
    .map((parser) => ({ parser, sure: parser.sniff(line) }))
    .filter(({ sure }) => sure > 0);
  return rated.sort((a, b) => b.sure - a.sure).map(({ parser }) => parser);
}

function groupPlaces<T>(chosen: readonly T[]): ReadonlyMap<T, readonly number[]> {
  const groups = new Map<T, number[]>();
  chosen.forEach((one, at) => {
    const group = groups.get(one);
    if (group) group.push(at);
    else groups.set(one, [at]);
  });
  return groups;
}

function tryOthers(
  parsers: readonly GuardedParser[],
  line: Uint8Array,
  ...[misfit, context]: [misfit: Verdict, context: ParseContext]
): Verdict {
  const warnings = [misfitWarning(misfit)];
  for (const parser of surestOf(parsers, line)) {
    const [verdict] = parser.parse([line], context);
    if (verdict && fits(verdict, context)) return verdict;
    if (verdict) warnings.push(misfitWarning(verdict));
  }
  return unknownLine(line, warnings);
}

function misfitWarning({ parser, parsed }: Verdict): string {
  const why =
    parsed.kind === 'refused'
      ? parsed.message
      : 'The time that it read is before 1980 or more than a day ahead.';
  return `${parser}: ${why}`;
}

/** A time that would be refused on the way into storage is a sign that the line was misread. */
function fits({ parsed }: Verdict, { receivedAt }: ParseContext): boolean {
  if (parsed.kind === 'event') return isTakenTime(parsed.event['timestamp'], receivedAt);
  return parsed.kind === 'json';
}

/** @param warnings why those refused it that thought it could be theirs */
function unknownLine(line: Uint8Array, warnings: readonly string[] = []): Verdict {
  const message = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  const event = { message, parse_status: 'none' };
  return { parser: undefined, parsed: { kind: 'event', event, ...(warnings.length > 0 && { warnings }) } };
}
