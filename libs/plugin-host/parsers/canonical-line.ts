import { REFUSED_LINE } from '#event-model';
import type { ParsedLine } from '#plugin-kit';
import { failedLine } from './guarded-parser.js';
import type { Verdict } from './verdict.js';

const REFUSED = String.fromCharCode(REFUSED_LINE);

/**
 * The line that goes on into storage for a text line: one JSON object without a line end, with the parser's name as an
 * attribute; or, where it was refused, a byte that begins no JSON and the reason. An answer that can't be written so is
 * a refusal for the parser's fault.
 *
 * @param original the text line
 */
export function canonicalLine({ parsed, parser }: Verdict, original: Uint8Array): string {
  if (parsed.kind === 'refused') return REFUSED + parsed.reason;
  const json = parsed.kind === 'json' ? sentJson(original) : writtenJson(parsed.event);
  return json === undefined ? REFUSED + reasonOf(failedLine(parser ?? '')) : withParser(json, parser);
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

/** The name comes last: an event that has such a key of its own keeps it, since of equal keys the first counts. */
function withParser(json: string, parser: string | undefined): string {
  if (parser === undefined) return json;
  const open = json.slice(0, -1);
  const comma = open.trimEnd() === '{' ? '' : ',';
  return `${open}${comma}"parser":${JSON.stringify(parser)}}`;
}
