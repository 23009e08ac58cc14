import type { CaptureType } from '#plugin-kit/patterns';
import { DEFINITIONS } from './definitions.js';

/** Names within names. */
const MAX_DEPTH = 20;
/** Characters, with all names put in their places. */
const MAX_EXPANDED = 16_384;
/** Groups get names of their own, since those of fields may have dots, and stand twice. */
const GROUP = 'alv';

const NAME = /^([A-Za-z][A-Za-z0-9_]{0,63})(?::([^:{}]{1,120}))?(?::([a-z0-9]{1,16}))?$/;
const INLINE = /^\(\?P?<([A-Za-z_@][\w.@-]{0,79})>/;
const TYPES: Readonly<Record<string, CaptureType>> = {
  ...{ int: 'int', integer: 'int', long: 'int', short: 'int', byte: 'int' },
  ...{ float: 'float', double: 'float', number: 'number' },
  ...{ bool: 'bool', boolean: 'bool', string: 'text', text: 'text', time: 'time', date: 'time' },
};

/** What a group of the expanded pattern becomes. */
export interface GrokField {
  readonly name: string;
  /** As the pattern says it. */
  readonly type?: CaptureType | undefined;
}

/** A pattern without Grok's names. */
export interface ExpandedGrok {
  /** In RE2's syntax. */
  readonly source: string;
  /** By the names of its groups. */
  readonly fields: ReadonlyMap<string, GrokField>;
}

/** A pattern whose names can't be put in their places. */
export class GrokError extends Error {
  constructor(
    message: string,
    readonly mend: string,
  ) {
    super(message);
  }
}

/** Puts what names stand for in their places. @throws GrokError */
export function expandGrok(
  pattern: string,
  definitions: Readonly<Record<string, string>> = {},
): ExpandedGrok {
  const fields = new Map<string, GrokField>();
  const expansion: Expansion = { definitions, fields, length: 0 };
  return { source: expand(pattern, expansion, []), fields };
}

interface Expansion {
  readonly definitions: Readonly<Record<string, string>>;
  readonly fields: Map<string, GrokField>;
  length: number;
}

/** @param within the names that it stands in, outermost first */
function expand(pattern: string, expansion: Expansion, within: readonly string[]): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const replaced = replacementAt(pattern, at, { expansion, within });
    if (replaced) {
      parts.push(pattern.slice(from, at), replaced.text);
      from = replaced.end;
      at = from - 1;
    } else if (pattern[at] === '\\') at += 1;
  }
  parts.push(pattern.slice(from));
  const text = parts.join('');
  expansion.length += text.length;
  if (expansion.length > MAX_EXPANDED * MAX_DEPTH || text.length > MAX_EXPANDED)
    throw new GrokError(
      `has more than ${MAX_EXPANDED} characters with its names put in their places`,
      'Name fewer, or make several patterns of it.',
    );
  return text;
}

interface Place {
  readonly expansion: Expansion;
  readonly within: readonly string[];
}

function replacementAt(
  pattern: string,
  at: number,
  place: Place,
): { readonly text: string; readonly end: number } | undefined {
  if (pattern.startsWith('%{', at)) return referenceAt(pattern, at, place);
  const inline = pattern[at] === '(' ? INLINE.exec(pattern.slice(at, at + 90)) : null;
  if (!inline) return undefined;
  return { text: `(?P<${addField(place.expansion, { name: inline[1] ?? '' })}>`, end: at + inline[0].length };
}

function referenceAt(pattern: string, at: number, { expansion, within }: Place) {
  const close = pattern.indexOf('}', at);
  const [, name = '', field, type] = NAME.exec(close < 0 ? '' : pattern.slice(at + 2, close)) ?? [];
  const where = `at character ${at + 1}${within.length > 0 ? ` of ${within.at(-1)}` : ''}`;
  if (name === '')
    throw new GrokError(
      `has a %{ that is no name, ${where}`,
      'Write `%{NAME}`, `%{NAME:field}` or `%{NAME:field:type}`.',
    );
  if (type !== undefined && !Object.hasOwn(TYPES, type))
    throw new GrokError(`has the type "${type}", ${where}`, `Types are ${Object.keys(TYPES).join(', ')}.`);
  const inner = definitionOf(name, { expansion, within }, where);
  const text = expand(inner, expansion, [...within, name]);
  if (field === undefined) return { text: `(?:${text})`, end: close + 1 };
  const group = addField(expansion, { name: fieldName(field), ...(type && { type: TYPES[type] }) });
  return { text: `(?P<${group}>${text})`, end: close + 1 };
}

function definitionOf(name: string, { expansion, within }: Place, where: string): string {
  if (within.includes(name))
    throw new GrokError(
      `names ${name} within itself (${[...within, name].join(' → ')})`,
      'Take one of them out.',
    );
  if (within.length >= MAX_DEPTH)
    throw new GrokError(`has names within names ${MAX_DEPTH} deep, ${where}`, 'Make it flatter.');
  const own = Object.hasOwn(expansion.definitions, name) ? expansion.definitions[name] : undefined;
  const found = own ?? (Object.hasOwn(DEFINITIONS, name) ? DEFINITIONS[name] : undefined);
  if (found !== undefined) return found;
  throw new GrokError(
    `names ${name}, which is not there, ${where}`,
    'Add it to `definitions`, or name one of those that the README of parser-grok lists.',
  );
}

function addField(expansion: Expansion, field: GrokField): string {
  const group = `${GROUP}${expansion.fields.size}`;
  expansion.fields.set(group, field);
  return group;
}

/** `[http][status]`, as Logstash writes it, is `http.status`. */
function fieldName(text: string): string {
  const nested = /^(?:\[[^[\]]+\])+$/.test(text);
  return nested ? text.slice(1, -1).replaceAll('][', '.') : text;
}
