import { REFUSED_BY, REFUSED_LINE } from '#event-model';
import type { ParsedLine } from '#plugin-kit';
import { failedLine } from './guarded-parser.js';
import { confidenceOf, type Verdict } from './verdict.js';

const REFUSED = String.fromCharCode(REFUSED_LINE);
const BY = String.fromCharCode(REFUSED_BY);

/**
 * The line that goes on into storage for a text line: one JSON object without a line end, with the parser's name, and
 * `parse_status` where it could not read all of it, as attributes; or, where it was refused, a byte that begins no JSON, the reason, and
 * behind another byte the parser's name. An answer that can't be written so is
 * a refusal for the parser's fault.
 *
 * @param original the text line
 */
export function canonicalLine({ parsed, parser, line }: Verdict, original: Uint8Array): string {
  if (line !== undefined) return line;
  if (parsed.kind === 'refused') return refusal(parsed.reason, parser);
  const json = parsed.kind === 'json' ? sentJson(original) : writtenJson(parsed.event);
  if (json === undefined) return refusal(reasonOf(failedLine(parser ?? '')), parser);
  const status = confidenceOf(parsed) === 'partial' ? '"parse_status":"partial",' : '';
  return parser === undefined ? json : withMembers(json, `${status}"parser":${JSON.stringify(parser)}`);
}

function refusal(reason: string, parser: string | undefined): string {
  return REFUSED + reason + (parser === undefined ? '' : BY + parser);
}

function reasonOf(line: ParsedLine): string {
  return line.kind === 'refused' ? line.reason : '';
}

function sentJson(original: Uint8Array): string | undefined {
  const text = Buffer.from(original.buffer, original.byteOffset, original.byteLength).toString('utf8').trim();
  return text.startsWith('{') && text.endsWith('}') ? text : undefined;
}

/** Undefined where the event holds what JSON can't, a big integer or itself. */
function writtenJson(event: object): string | undefined {
  try {
    const json: unknown = JSON.stringify(event);
    return typeof json === 'string' && json.startsWith('{') ? json : undefined;
  } catch {
    return undefined;
  }
}

/** They come last: an event that has such a key of its own keeps it, since of equal keys the first counts. */
function withMembers(json: string, members: string): string {
  const open = json.slice(0, -1);
  const comma = open.trimEnd() === '{' ? '' : ',';
  return `${open}${comma}${members}}`;
}
