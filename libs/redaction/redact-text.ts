import { edited, type Edit } from './replacement.js';
import type { Finding, RedactedLine, RedactionPlan } from './plan.js';

/** Between a field's name and its value. */
const SEPARATED = /^["']?\s{0,4}[:=]\s{0,4}/;
/** `=` and `:`. */
const SEPARATORS = [0x3d, 0x3a];
/** Words before a credential, which is the value then. */
const SCHEME = /^(?:bearer|basic|digest|token|apikey)\s+/i;
const PLAIN_VALUE = /^[^\s,;&)\]}"']+/;
const WORD = /[\w-]/;
/** What is left of a line that would be blank: every event has a line. */
const NOTHING_LEFT = '[redacted]';

interface Found extends Edit, Finding {
  readonly value: string;
}

/**
 * Redacts a line of text: what detectors find, and values that stand behind a field's name and `=` or `:`. Bytes are read as
 * Latin-1, one character a byte; undefined where nothing was found.
 */
export function redactText(line: Buffer, plan: RedactionPlan): RedactedLine | undefined {
  const redacted = redactPart(line, plan);
  const isBlank = redacted?.line.toString('latin1').trim() === '';
  return redacted && isBlank ? { ...redacted, line: Buffer.from(NOTHING_LEFT) } : redacted;
}

/** The same for a part of a line, of which nothing may be left. */
export function redactPart(line: Buffer, plan: RedactionPlan): RedactedLine | undefined {
  const fields = fieldsIn(line, plan);
  const found = [...fields, ...secretsIn(line, plan)].sort((a, b) => a.from - b.from || b.to - a.to);
  const edits: Found[] = [];
  for (const one of found) if (one.from >= (edits.at(-1)?.to ?? 0)) edits.push(one);
  if (edits.length === 0) return undefined;
  return {
    line: edited(line, edits),
    findings: edits.map(({ rule, what }) => ({ rule, what })),
    values: fields.map(({ value }) => value),
  };
}

/** What detectors find in a part of a line, with what takes its place. */
export function secretsIn(line: Buffer, plan: RedactionPlan, from = 0, to = line.length): Found[] {
  return plan.detectors.find(line, from, to).map((span) => {
    const { rule, action } = plan.detectorRule(span.kind);
    const value = line.subarray(span.from, span.to);
    const text = plan.replace(action, span.kind, value);
    return { from: span.from, to: span.to, text, rule, what: span.kind, value: value.toString('latin1') };
  });
}

function fieldsIn(line: Buffer, plan: RedactionPlan): Found[] {
  if (plan.fields.size === 0 || !SEPARATORS.some((byte) => line.includes(byte))) return [];
  const text = line.toString('latin1');
  const lower = text.toLowerCase();
  return [...plan.fields].flatMap(([name, { rule, action }]) => {
    const found: Found[] = [];
    const latin = latinOf(name);
    for (let at = lower.indexOf(latin); at >= 0; at = lower.indexOf(latin, at + 1)) {
      const value = WORD.test(text[at - 1] ?? '') ? undefined : valueBehind(text, at + latin.length);
      if (!value) continue;
      const bytes = line.subarray(value.from, value.to);
      const made = plan.replace(action, 'field', bytes);
      const quoted = value.needsQuotes && made !== '' ? JSON.stringify(made) : made;
      found.push({ ...value, text: quoted, rule, what: name, value: bytes.toString('latin1') });
    }
    return found;
  });
}

/** A name as its bytes read as Latin-1, in small letters. */
export function latinOf(name: string): string {
  return Buffer.from(name).toString('latin1').toLowerCase();
}

interface ValuePlace {
  readonly from: number;
  readonly to: number;
  /** A bare value behind a quoted name, as in JSON. */
  readonly needsQuotes: boolean;
}

/** Bytes of a line that are looked at for the beginning of a value. */
const LOOK = 64;

function valueBehind(text: string, at: number): ValuePlace | undefined {
  const separator = SEPARATED.exec(text.slice(at, at + LOOK))?.[0];
  if (separator === undefined) return undefined;
  const start = at + separator.length;
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    const end = closingQuote(text, start + 1, quote);
    return end > start + 1 ? { from: start + 1, to: end, needsQuotes: false } : undefined;
  }
  const scheme = SCHEME.exec(text.slice(start, start + LOOK))?.[0].length ?? 0;
  const end = plainEnd(text, start + scheme);
  if (end === start + scheme) return undefined;
  return { from: start, to: end, needsQuotes: /^["']/.test(separator) };
}

/** The end of the line where the quote is never closed: better too much than too little. */
function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function plainEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && PLAIN_VALUE.test(text[end] as string)) end += 1;
  return end;
}
