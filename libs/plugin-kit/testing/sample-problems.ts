import { isDeepStrictEqual } from 'node:util';
import {
  BUILT_IN_FIELDS,
  formatTimestamp,
  parseTime,
  TIMESTAMP_KEYS,
  type EventTypeDeclaration,
} from '#event-model';
import { eventProblems, keyOfField } from '#plugin-kit';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a sample of an event type, an NDJSON text, and with the text of what is found afterwards; one
 * sentence for each problem, with its line. A declared field is expected under its name, all others under `attributes`.
 */
export function sampleProblems(
  declaration: EventTypeDeclaration,
  sample: string,
  expected: string,
): readonly string[] {
  const events = readLines(sample);
  const found = readLines(expected);
  if (events.length === 0) return ['the sample has no event'];
  if (events.length !== found.length)
    return [`the sample has ${events.length} events, its expected output ${found.length}`];
  return events.flatMap((event, at) => {
    const problems = [...eventProblems(declaration, event)];
    if (!isDeepStrictEqual(asFound(declaration, event), found[at]))
      problems.push(`is expected as ${JSON.stringify(asFound(declaration, event))}`);
    return problems.map((problem) => `line ${at + 1}: ${problem}`);
  });
}

function readLines(text: string): readonly JsonObject[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonObject);
}

/** The event as the API shows it, without what the server adds. */
function asFound(declaration: EventTypeDeclaration, event: JsonObject): JsonObject {
  const found: Record<string, unknown> = {};
  const attributes: Record<string, unknown> = { ...event };
  const take = (name: string, key: string | undefined, read = (value: unknown): unknown => value): void => {
    if (key === undefined) return;
    found[name] = read(event[key]);
    delete attributes[key];
  };
  take(
    'timestamp',
    TIMESTAMP_KEYS.find((key) => Object.hasOwn(event, key)),
    canonicalTime,
  );
  for (const field of [...BUILT_IN_FIELDS, ...declaration.fields]) take(field.name, keyOfField(field, event));
  return { ...found, attributes };
}

function canonicalTime(value: unknown): string {
  return formatTimestamp(parseTime(value as string | number) ?? 0n);
}
