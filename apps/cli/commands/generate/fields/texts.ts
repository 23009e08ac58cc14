import type { Draw } from './draw.js';
import { NOTHING, type FieldKind, type FieldScope, type Path } from './field-scope.js';
import { plain } from './parameters.js';
import { weightedPicker } from './weighted.js';
import { readWeights } from './weights.js';

/** The same in every event. */
const constant: FieldKind = {
  name: 'constant',
  example: '{ constant: [a, b] }',
  make: (given) => {
    const value = plain(given);
    return () => value;
  },
};

/** One of some values, as often as their weights say. */
const choice: FieldKind = {
  name: 'choice',
  example: '{ choice: { INFO: 90, ERROR: 10 } }',
  make: (given, scope) => {
    const entries = readWeights(given, scope);
    if (entries.length === 0) return NOTHING;
    const pick = weightedPicker(entries.map(({ value, weight }) => ({ value: plain(value), weight })));
    return ({ random }) => pick(random);
  },
};

/** Text with values of fields above in it: `{name}`; `{{` and `}}` stand for the signs themselves. */
const template: FieldKind = {
  name: 'template',
  example: "{ template: 'user {user_id} logged in from {ip}' }",
  make: (given, scope) => {
    if (typeof given === 'string') return compileTemplate(given, scope, []);
    const entries = readWeights(given, scope);
    if (entries.length === 0) return NOTHING;
    const draws = entries.map(({ value, weight }, at) => {
      const path = [Array.isArray(given) ? at : String(value)];
      return { value: compileTemplate(String(value), scope, path), weight };
    });
    const pick = weightedPicker(draws);
    return (context) => pick(context.random)(context);
  },
};

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

function compileTemplate(text: string, scope: FieldScope, path: Path): Draw {
  const pieces: (string | { readonly field: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(PIECE)) {
    pieces.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    const [sign, field] = match;
    if (field !== undefined) pieces.push({ field });
    else pieces.push(sign.slice(0, 1));
    checkPiece(sign, field, {
      ...scope,
      report: (inner, mistake) => scope.report([...path, ...inner], mistake),
    });
  }
  pieces.push(text.slice(end));
  const parts = pieces.filter((piece) => piece !== '');
  return ({ values }) =>
    parts.map((part) => (typeof part === 'string' ? part : show(values.get(part.field)))).join('');
}

function checkPiece(sign: string, field: string | undefined, { above, report }: FieldScope): void {
  if (field === undefined && sign.length === 1)
    report([], {
      what: `A single "${sign}" stands in the text.`,
      mend: `Write "${sign}${sign}" for the sign.`,
    });
  if (field !== undefined && !above.has(field))
    report([], { what: `No field "${field}" stands above.`, mend: mendReference(above) });
}

/** What may be referred to. */
export function mendReference(above: ReadonlySet<string>): string {
  return above.size === 0
    ? 'Put that field before this one.'
    : `Put that field before this one, or take one of ${[...above].join(', ')}.`;
}

/** A value within a text; a field that was left out is empty. */
function show(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The kinds of fields that draw from what is written down. */
export const textKinds: readonly FieldKind[] = [constant, choice, template];
