/** A backtick-quoted identifier. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/**
 * A string literal; for names and constants of ours, never for a client's text (that is bound). A key that a type reads may
 * look like the place of a bound value, so an opening brace doesn't stand in it as one.
 */
export function quoteText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('{', '\\x7B')}'`;
}

/** A tenant is a database. The prefix keeps it apart from the engine's own databases. */
export function databaseName(tenant: string): string {
  return `tenant_${tenant}`;
}

/**
 * The tables of a stream. A dot can't be part of a stream's name, so no stream's helper tables can meet another stream's.
 */
export function tableNames(tenant: string, stream: string) {
  const database = quoteName(databaseName(tenant));
  const table = (name: string): string => `${database}.${quoteName(name)}`;
  return {
    database,
    stream: table(`stream.${stream}`),
    entry: table(`entry.${stream}`),
    parsed: table(`parsed.${stream}`),
    parse: table(`parse.${stream}`),
    toStream: table(`to_stream.${stream}`),
    toQuarantine: table(`to_quarantine.${stream}`),
    quarantine: table('quarantine'),
    events: table('events'),
    eventsDistributed: table('events_distributed'),
    distributedStream: table(`distributed_stream.${stream}`),
    distributedRollUp: (name: string) => table(`distributed_roll_up.${stream}.${name}`),
    distributedQuarantine: table('distributed_quarantine'),
    distributedParts: table('distributed_parts'),
    rollUp: (name: string) => table(`roll_up.${stream}.${name}`),
    toRollUp: (name: string) => table(`to_roll_up.${stream}.${name}`),
    rewrite: table(`rewrite.${stream}`),
    rewriteRead: table(`rewrite_read.${stream}`),
    swap: table(`swap.${stream}`),
    scratchRollUp: (name: string) => table(`scratch_roll_up.${stream}.${name}`),
  };
}

export type TableNames = ReturnType<typeof tableNames>;
