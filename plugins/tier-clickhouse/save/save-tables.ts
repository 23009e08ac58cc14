import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TierError } from '#plugin-kit';
import { EMBEDDED_FOLDER } from '../engine/embedded-folder.js';
import type { Engine } from '../engine/engine.js';
import { quoteName, quoteText } from '../schema/names.js';

/** Of the engine, in its directory: where frozen tables go. */
const FROZEN = 'shadow';
/** Of the engine: databases and tables by their ids, those of databases with the statements of their tables. */
const STORE = 'store';
/** What a table's directory says of itself, beside its parts. */
const TABLE_FORMAT = 'format_version.txt';

const TABLES =
  "SELECT database, name, toString(uuid) AS uuid FROM system.tables WHERE startsWith(database, 'tenant_') AND endsWith(engine, 'MergeTree') ORDER BY database, name";
const DATABASES =
  "SELECT name, toString(uuid) AS uuid FROM system.databases WHERE startsWith(name, 'tenant_') ORDER BY name";

interface Named {
  readonly name: string;
  readonly uuid: string;
}

/**
 * Makes a second directory of the tier with all tables as they are now, of hard links to its files: parts never change, and statements are
 * replaced as a whole. The engine freezes the parts of a table at one moment; nothing may be written between two tables.
 *
 * @throws TierError `config` where the engine is a server
 */
export async function saveTables(engine: Engine, tierDirectory: string): Promise<void> {
  const { directory } = engine;
  if (directory === undefined)
    throw new TierError(
      'config',
      'The events are on a ClickHouse server: back them up there (BACKUP DATABASE tenant_… TO …); they can not be saved from here.',
    );
  const target = join(tierDirectory, EMBEDDED_FOLDER);
  const name = `save_${randomUUID().replaceAll('-', '')}`;
  const frozen = join(directory, FROZEN, name);
  try {
    // Statements first: a table that is made meanwhile is then not known at all, and has no events.
    await saveStatements(engine, directory, target);
    await freeze(engine, name);
    await takeFrozen(join(frozen, STORE), join(target, STORE));
    await saveTableFormats(engine, directory, target);
  } finally {
    await rm(frozen, { recursive: true, force: true });
  }
}

/** Removes what a killed process had frozen, which would hold its disk space for ever. */
export async function dropFrozen({ directory }: Engine): Promise<void> {
  if (directory !== undefined) await rm(join(directory, FROZEN), { recursive: true, force: true });
}

async function freeze(engine: Engine, name: string): Promise<void> {
  const tables = await engine.run(TABLES, { lane: 'write' });
  for (const { database, name: table } of tables.rows<Named & { database: string }>()) {
    const statement = `ALTER TABLE ${quoteName(database)}.${quoteName(table)} FREEZE WITH NAME ${quoteText(name)}`;
    await engine.run(statement, { lane: 'write' });
  }
}

async function saveStatements(engine: Engine, directory: string, target: string): Promise<void> {
  await linkStatements(join(directory, 'metadata'), join(target, 'metadata'));
  const databases = await engine.run(DATABASES, { lane: 'write' });
  for (const { uuid } of databases.rows<Named>())
    await linkStatements(join(directory, placeOf(uuid)), join(target, placeOf(uuid)));
}

async function saveTableFormats(engine: Engine, directory: string, target: string): Promise<void> {
  const tables = await engine.run(TABLES, { lane: 'write' });
  for (const { uuid } of tables.rows<Named>()) {
    const folder = join(target, placeOf(uuid));
    await mkdir(folder, { recursive: true });
    await link(join(directory, placeOf(uuid), TABLE_FORMAT), join(folder, TABLE_FORMAT));
  }
}

/** Moves the frozen folders of tables to their places, beside those of databases that are there. */
async function takeFrozen(from: string, to: string): Promise<void> {
  for (const start of await namesIn(from)) {
    await mkdir(join(to, start), { recursive: true });
    for (const id of await namesIn(join(from, start)))
      await rename(join(from, start, id), join(to, start, id));
  }
}

async function linkStatements(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = (await namesIn(from)).filter((name) => name.endsWith('.sql'));
  for (const name of names) await link(join(from, name), join(to, name));
}

/** Nothing of a directory that is not there: no table has parts yet. */
async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/** Where the engine keeps what has this id. */
function placeOf(uuid: string): string {
  return join(STORE, uuid.slice(0, 3), uuid);
}
