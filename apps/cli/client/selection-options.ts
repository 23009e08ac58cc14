import { InvalidArgumentError, type Command } from 'commander';

/** Which events a command is about, after commander read its options. */
export interface SelectionOptions {
  readonly from?: string;
  readonly to?: string;
  readonly stream?: readonly string[];
  readonly level?: readonly string[];
  readonly service?: readonly string[];
  readonly filter?: readonly string[];
}

/** Adds the options of {@link SelectionOptions}; each of the last four may be given again. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option(
      '--from <time>',
      'begin of the time, inclusive: now-15m, 2026-01-31T12:00:00Z (default: a day before the end)',
    )
    .option('--to <time>', 'end of the time, exclusive (default: now)')
    .option('-s, --stream <name>', 'only of this stream; may be repeated', gather)
    .option('-l, --level <word>', 'only of this level: warn matches WARNING too; may be repeated', gather)
    .option('--service <name>', 'only of this service; may be repeated', gather)
    .option(
      '-f, --filter <field:value>',
      'only where the field has this value; may be repeated',
      gatherPairs,
    );
}

/**
 * The options as query parameters of the API.
 *
 * @param query words of the query language; none where it is empty
 */
export function selectionQuery(query: readonly string[], options: SelectionOptions): URLSearchParams {
  const { from, to, stream = [], level = [], service = [], filter = [] } = options;
  const text = query.join(' ').trim();
  const pairs: [string, string][] = [
    ...(text === '' ? [] : [pair('query', text)]),
    ...(from === undefined ? [] : [pair('start_time', from)]),
    ...(to === undefined ? [] : [pair('end_time', to)]),
    ...Object.entries({ stream, level, service, filter }).flatMap(([name, values]) =>
      values.map((value) => pair(name, value)),
    ),
  ];
  return new URLSearchParams(pairs);
}

function pair(name: string, value: string): [string, string] {
  return [name, value];
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function gatherPairs(value: string, before: readonly string[] = []): readonly string[] {
  if (/^[^:]+:/.test(value)) return gather(value, before);
  throw new InvalidArgumentError('It must be field:value, such as status:500.');
}
