import { didYouMean } from '#app-config';
import { compoundKinds } from './compounds.js';
import type { Draw } from './draw.js';
import { NOTHING, type FieldKind, type FieldScope, type Mistake, type Path } from './field-scope.js';
import { identifierKinds } from './identifiers.js';
import { numberKinds } from './numbers.js';
import { textKinds } from './texts.js';
import { timeKinds } from './times.js';

/** Every kind of field, in the order of the guide. */
export const fieldKinds: readonly FieldKind[] = [
  ...textKinds,
  ...numberKinds,
  ...identifierKinds,
  ...timeKinds,
  ...compoundKinds,
];

const byName: ReadonlyMap<string, FieldKind> = new Map(fieldKinds.map((kind) => [kind.name, kind]));

/** What fields may refer to, and where mistakes go. */
export interface FieldPlace {
  readonly path: Path;
  readonly above: ReadonlySet<string>;
  readonly report: (path: Path, mistake: Mistake) => void;
}

/** Makes a field from what is written down: a value of its own, or a map with the name of one kind. */
export function makeField(spec: unknown, place: FieldPlace): Draw {
  if (!Array.isArray(spec) && !(spec instanceof Map)) return () => spec;
  const [name] = spec instanceof Map && spec.size === 1 ? [...spec.keys()].map(String) : [];
  const kind = name === undefined ? undefined : byName.get(name);
  if (!kind || !(spec instanceof Map)) {
    place.report(place.path, name === undefined ? notOneKind(spec) : unknownKind(name));
    return NOTHING;
  }
  const path = [...place.path, kind.name];
  const scope: FieldScope = {
    path,
    above: place.above,
    inner: (inner, below) => makeField(inner, { ...place, path: [...path, ...below] }),
    report: (below, mistake) => place.report([...path, ...below], mistake),
  };
  return kind.make([...spec.values()][0], scope);
}

function notOneKind(spec: unknown): Mistake {
  const what = Array.isArray(spec) ? 'A list is no field.' : 'A field has the name of exactly one kind.';
  return {
    what,
    mend: 'Write it like { choice: [a, b] }, or { constant: … } for a value that is a list or a map.',
  };
}

function unknownKind(name: string): Mistake {
  const mend = didYouMean(name, [...byName.keys()]) || `Known are ${[...byName.keys()].join(', ')}.`;
  return { what: `No kind of field is named "${name}".`, mend };
}
