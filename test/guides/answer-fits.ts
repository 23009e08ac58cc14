import type { ShownAnswer } from './guide-page.js';

/** What differs from run to run, each with the word that stands for it. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/alv_[a-z0-9]{8}_[\w-]{32,}/g, '<key>'],
  [/[0-9a-f]{32}\.\d+-\d+\.[\w.-]+/g, '<receipt>'],
  [/\b[0-9a-f]{32}-\d+\b/g, '<event id>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?/g, '<time>'],
  [/\b(127\.0\.0\.1|localhost):\d+/g, '<address>'],
];

/** Numbers under these names are measured, so only their being numbers counts. */
const MEASURED = /_(ms|seconds|bytes|percent)$/;

/** Stands for anything: as a whole JSON string, or anywhere in a text. */
const ANYTHING = '…';

/**
 * What keeps an output from being the answer that a page shows; empty where it fits. Ids, times and what is measured may
 * differ; in JSON the order of members too.
 */
export function answerProblems(shown: ShownAnswer, output: string): readonly string[] {
  return shown.form === 'json' ? jsonProblems(shown, output) : textProblems(shown, output);
}

function jsonProblems(shown: ShownAnswer, output: string): readonly string[] {
  const expected = JSON.parse(shown.text) as unknown;
  try {
    return valueProblems(expected, JSON.parse(output), { path: 'answer', part: shown.part });
  } catch {
    return [`the output is no JSON: ${output.slice(0, 500)}`];
  }
}

interface Place {
  readonly path: string;
  readonly part: boolean;
}

function valueProblems(expected: unknown, found: unknown, place: Place): readonly string[] {
  if (expected === ANYTHING) return [];
  if (typeof expected === 'number' && typeof found === 'number' && MEASURED.test(place.path)) return [];
  if (Array.isArray(expected) && Array.isArray(found)) return listProblems(expected, found, place);
  if (isObject(expected) && isObject(found)) return memberProblems(expected, found, place);
  const [wanted, got] = [mask(expected), mask(found)];
  return wanted === got ? [] : [`${place.path} is shown as ${wanted}, and is ${got}`];
}

function listProblems(
  expected: readonly unknown[],
  found: readonly unknown[],
  place: Place,
): readonly string[] {
  const length =
    expected.length === found.length
      ? []
      : [`${place.path} is shown with ${expected.length} entries, and has ${found.length}`];
  const entries = expected
    .slice(0, found.length)
    .flatMap((entry, index) => valueProblems(entry, found[index], at(place, `[${index}]`)));
  return [...length, ...entries];
}

type Members = Readonly<Record<string, unknown>>;

function memberProblems(expected: Members, found: Members, place: Place): readonly string[] {
  const hidden = place.part ? [] : Object.keys(found).filter((name) => !(name in expected));
  return [
    ...hidden.map((name) => `${place.path}.${name} is not shown, and is ${mask(found[name])}`),
    ...Object.entries(expected).flatMap(([name, value]) =>
      name in found
        ? valueProblems(value, found[name], at(place, `.${name}`))
        : [`${place.path}.${name} is shown, and is not there`],
    ),
  ];
}

const at = (place: Place, step: string): Place => ({ ...place, path: place.path + step });
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const mask = (value: unknown): string => maskText(JSON.stringify(value) ?? 'nothing');

function maskText(text: string): string {
  return CHANGING.reduce((masked, [pattern, word]) => masked.replace(pattern, word), text);
}

/** Every shown line must be found, in order: right behind the one before it, unless only a part or `…` is shown. */
function textProblems(shown: ShownAnswer, output: string): readonly string[] {
  const found = linesOf(output);
  let [next, gap] = [0, shown.part];
  for (const line of linesOf(shown.text)) {
    if (line === ANYTHING) {
      gap = true;
      continue;
    }
    const pattern = linePattern(line);
    const index = found.findIndex((text, at) => at >= next && (gap || at === next) && pattern.test(text));
    if (index < 0) return [`"${line}" is shown, and is not there${gap ? '' : `; "${found[next] ?? ''}" is`}`];
    [next, gap] = [index + 1, shown.part];
  }
  return gap || next === found.length ? [] : [`"${found[next]}" is not shown`];
}

function linesOf(text: string): readonly string[] {
  return maskText(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

/** Blanks that line up columns differ with what stands in them. */
function linePattern(line: string): RegExp {
  const parts = line.split(ANYTHING).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*').replace(/ +/g, ' +')}$`);
}
