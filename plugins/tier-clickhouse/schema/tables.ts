import { createHash } from 'node:crypto';
import { BUILT_IN_FIELDS, type EventTypeDeclaration, type FieldDeclaration } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { renderAddedColumns, renderFieldColumn } from './added-columns.js';
import { columnsOf, columnType, EVENT_COLUMNS, fieldsOf, IDENTITY_COLUMNS, type Column } from './columns.js';
import { databaseName, quoteName, quoteText, tableNames, type TableNames } from './names.js';
import { AS_WRITTEN, renderParse } from './parse.js';
import { rollUpSelect, rollUpTable } from './roll-up-table.js';
import { SEALED_DECLARATION } from './sealed-days.js';
import { REFUSED_PARSER } from './text-lines.js';
import { WRITTEN } from './written.js';

/** The statements that make a stream's tables, in order; each may be run again. The last one opens them for events. */
export function renderStreamDdl(stream: StreamSpec): string[] {
  return [...renderTables(stream), renderOpening(stream)];
}

/**
 * The view that reads what comes in. It is made last and taken away first, and its comment says which layout the tables
 * have: so tables that were left half made are known by its absence. Its columns are named, since to find them out the
 * engine works through the whole parse once more, half of the time that the tables of a stream take.
 */
export function renderOpening(stream: StreamSpec): string {
  const { parse, parsed, entry } = tableNames(stream.tenant, stream.name);
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${parse} TO ${parsed} (${parsedColumnTypes(stream.eventType)}) AS ${renderParse(stream, entry)} SETTINGS ${AS_WRITTEN.join(', ')} COMMENT ${quoteText(layoutOf(stream))}`;
}

/** What tells tables of this declaration, made by this version of the program, from all others. */
export function layoutOf(stream: StreamSpec): string {
  const { parse, parsed, entry } = tableNames(stream.tenant, stream.name);
  const statements = [...renderTables(stream), parse, parsed, renderParse(stream, entry)];
  return `layout ${createHash('sha256').update(statements.join('\n')).digest('hex').slice(0, 32)}`;
}

/** Everything but {@link renderOpening}. */
export function renderTables(stream: StreamSpec): string[] {
  const names = tableNames(stream.tenant, stream.name);
  const { eventType } = stream;
  return [
    `CREATE DATABASE IF NOT EXISTS ${names.database}`,
    quarantineTable(names),
    streamTable(names, eventType),
    ...eventType.rollUps.flatMap((rollUp) => [
      rollUpTable(names.rollUp(rollUp.name), rollUp),
      `CREATE MATERIALIZED VIEW IF NOT EXISTS ${names.toRollUp(rollUp.name)} TO ${names.rollUp(rollUp.name)} AS ${rollUpSelect(rollUp, names.stream)}`,
    ]),
    eventsTable(stream.tenant, names),
    entryTable(names),
    parsedTable(names, eventType),
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${names.toStream} TO ${names.stream} AS SELECT ${columnList(eventType)} FROM ${names.parsed} WHERE reason = ''`,
    `CREATE MATERIALIZED VIEW IF NOT EXISTS ${names.toQuarantine} TO ${names.quarantine} AS SELECT block, row, received_at, ${quoteText(stream.name)} AS stream, source, reason, ${REFUSED_PARSER} AS parser, refused AS raw FROM ${names.parsed} WHERE reason != ''`,
  ];
}

/**
 * Which of a stream's tables are there, as `name`: its own, a copy of a part that is in its place already, and the view of
 * {@link renderOpening} with its `comment`.
 */
export function selectLayout({ tenant, name }: Pick<StreamSpec, 'tenant' | 'name'>): string {
  const tables = [`stream.${name}`, `swap.${name}`, `parse.${name}`].map(quoteText).join(', ');
  return `SELECT name, comment FROM system.tables WHERE database = ${quoteText(databaseName(tenant))} AND name IN (${tables})`;
}

/**
 * Closes tables of another layout and gives them the columns and indexes that the type has by now, before
 * {@link renderTables}, which makes again what is dropped here: the tables in between, and the views, hold no events.
 */
export function renderUpgrade(stream: StreamSpec): string[] {
  const names = tableNames(stream.tenant, stream.name);
  const added = indexes(stream.eventType).map(
    (index) => `ADD ${index.replace(/^INDEX /, 'INDEX IF NOT EXISTS ')}`,
  );
  return [
    ...[names.parse, names.toQuarantine, names.toStream].map((view) => `DROP VIEW IF EXISTS ${view} SYNC`),
    ...[names.parsed, names.entry].map((table) => `DROP TABLE IF EXISTS ${table} SYNC`),
    ...renderAddedColumns(names.stream, stream.eventType),
    `ALTER TABLE ${names.stream} ${added.join(', ')}`,
  ];
}

function streamTable(names: TableNames, eventType: EventTypeDeclaration): string {
  const key = [...eventType.sortBy.map(quoteName), 'timestamp'];
  const common = [...IDENTITY_COLUMNS, ...EVENT_COLUMNS, ...BUILT_IN_FIELDS.map(toColumn)];
  const parts = [
    ...common.map(renderColumn),
    ...eventType.fields.map(renderFieldColumn),
    ...indexes(eventType),
  ];
  const settings = [
    ...WRITTEN,
    "default_compression_codec = 'ZSTD(1)'",
    'ttl_only_drop_parts = 1',
    'merge_selector_base = 10',
    // Bytes. A merge takes memory with the rows that it makes, and merging what is large again costs more than it finds faster.
    'max_bytes_to_merge_at_max_space_in_pool = 536870912',
    // What is read for a row that is found: a quarter of the engine's own, for half the time of a page of rare events.
    'index_granularity = 2048',
    'min_compress_block_size = 16384',
  ];
  return `CREATE TABLE IF NOT EXISTS ${names.stream} (${parts.join(', ')}) ENGINE = MergeTree PARTITION BY (toYYYYMMDD(timestamp), generation) ORDER BY (${key.join(', ')}) SETTINGS ${settings.join(', ')}`;
}

function indexes(eventType: EventTypeDeclaration): string[] {
  const wanted = fieldsOf(eventType).filter((field) => field.indexed ?? field.type === 'text');
  return [
    'INDEX by_block block TYPE bloom_filter(0.01) GRANULARITY 1',
    'INDEX by_id id TYPE bloom_filter(0.01) GRANULARITY 4',
    ...wanted.map(renderIndex),
  ];
}

/** Words are found whatever their letter case; searches compare {@link searchedText}. */
function renderIndex(field: FieldDeclaration): string {
  const name = quoteName(`by_${field.name}`);
  return field.type === 'text'
    ? `INDEX ${name} ${searchedText(field.name)} TYPE text(tokenizer = 'splitByNonAlpha', posting_list_codec = 'bitpacking')`
    : `INDEX ${name} ${quoteName(field.name)} TYPE bloom_filter(0.01) GRANULARITY 1`;
}

/** What the text index of a field is built on. */
export function searchedText(field: string): string {
  return `lowerUTF8(${quoteName(field)})`;
}

function quarantineTable(names: TableNames): string {
  const columns = [
    'block FixedString(16)',
    'row UInt32',
    "received_at DateTime64(9, 'UTC')",
    'stream LowCardinality(String)',
    'source LowCardinality(String)',
    'reason LowCardinality(String)',
    'parser LowCardinality(String)',
    'raw String CODEC(ZSTD(3))',
  ];
  return `CREATE TABLE IF NOT EXISTS ${names.quarantine} (${columns.join(', ')}) ENGINE = MergeTree PARTITION BY toYYYYMMDD(received_at) ORDER BY (block, row) SETTINGS ${WRITTEN.join(', ')}`;
}

/** Read-only and over every stream of the tenant, for tools that want one table: the columns that all streams have. */
function eventsTable(tenant: string, names: TableNames): string {
  const common = [...IDENTITY_COLUMNS, ...EVENT_COLUMNS, ...BUILT_IN_FIELDS.map(toColumn)];
  const columns = common.map(({ name, type }) => `${quoteName(name)} ${type}`);
  const database = quoteText(databaseName(tenant));
  return `CREATE TABLE IF NOT EXISTS ${names.events} (${columns.join(', ')}) ENGINE = Merge(${database}, '^stream\\\\.')`;
}

function entryTable(names: TableNames): string {
  return `CREATE TABLE IF NOT EXISTS ${names.entry} (block FixedString(16), row UInt32, received_at DateTime64(9, 'UTC'), source LowCardinality(String), ${SEALED_DECLARATION}, line String, original String) ENGINE = Null`;
}

function parsedTable(names: TableNames, eventType: EventTypeDeclaration): string {
  return `CREATE TABLE IF NOT EXISTS ${names.parsed} (${parsedColumnTypes(eventType)}) ENGINE = Null`;
}

function parsedColumnTypes(eventType: EventTypeDeclaration): string {
  const columns = columnsOf(eventType).map(({ name, type }) => `${quoteName(name)} ${type}`);
  return `${columns.join(', ')}, reason LowCardinality(String), refused String, ${REFUSED_PARSER} LowCardinality(String)`;
}

function columnList(eventType: EventTypeDeclaration): string {
  return columnsOf(eventType)
    .map(({ name }) => quoteName(name))
    .join(', ');
}

function renderColumn({ name, type, codec }: Column): string {
  return `${quoteName(name)} ${type}${codec ? ` CODEC(${codec})` : ''}`;
}

function toColumn(field: FieldDeclaration): Column {
  return { name: field.name, type: columnType(field.type) };
}
