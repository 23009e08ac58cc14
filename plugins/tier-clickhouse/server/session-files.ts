import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { TierError } from '#plugin-kit';
import { isFileTable, type Engine, type FileTable, type Lane, type Parameters } from '../engine/engine.js';

/** Most bytes of files that one statement may send: the server holds them, unpacked, in memory. */
const MAX_SENT_BYTES = 256 * 2 ** 20;

/** What has sessions. */
interface SessionEngine extends Pick<Engine, 'run'> {
  send(target: string, session: string, rows: () => Readable, lane: Lane): Promise<void>;
  withdraw(session: string, statement: string): Promise<void>;
}

/** A statement whose files, if it has any, are tables of the server. */
interface SentStatement {
  readonly statement: string;
  readonly parameters: Parameters;
  readonly session: string | undefined;
  /** Takes the files away. Idempotent; to be called however the statement ends. */
  remove(): Promise<void>;
}

/**
 * Sends the files of a statement, which a server elsewhere can't read, into temporary tables of a session of its own.
 *
 * @throws TierError `query` where they are too large, `data` where one is no whole file of its structure
 */
export async function sendFiles(
  engine: SessionEngine,
  statement: string,
  { parameters = {}, session }: { readonly parameters?: Parameters; readonly session?: string | undefined },
): Promise<SentStatement> {
  const files = Object.entries(parameters).filter((entry): entry is [string, FileTable] =>
    isFileTable(entry[1]),
  );
  if (files.length === 0) return { statement, parameters, session, remove: () => Promise.resolve() };
  refuseLarge(files.map(([, file]) => file));
  const own = randomUUID();
  const names = new Set(files.map(([name]) => name));
  const sent = {
    statement: statement.replaceAll(/\{(\w+):File\}/g, (_, name: string) => tableOf(name)),
    parameters: Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.has(name))),
    session: own,
    // All at once, by one statement.
    remove: () =>
      engine.withdraw(own, `DROP TEMPORARY TABLE IF EXISTS ${[...names].map(tableOf).join(', ')}`),
  };
  try {
    for (const [name, file] of files) await send(engine, own, { ...file, table: tableOf(name) });
    return sent;
  } catch (error) {
    await sent.remove();
    throw error;
  }
}

async function send(
  engine: SessionEngine,
  session: string,
  { table, path, structure }: FileTable & { readonly table: string },
): Promise<void> {
  const make = `CREATE TEMPORARY TABLE ${table} (${structure}) ENGINE = Memory`;
  await engine.run(make, { lane: 'read', session });
  const format = 'SETTINGS input_format_parquet_allow_missing_columns = 0 FORMAT Parquet';
  await engine.send(`${table} ${format}`, session, () => createReadStream(path), 'read');
}

/** The placeholder's name, which is one of ours. */
function tableOf(name: string): string {
  return `file_${name}`;
}

function refuseLarge(files: readonly FileTable[]): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= MAX_SENT_BYTES) return;
  throw new TierError(
    'query',
    `The question reads ${bytes} bytes of archives, and ${MAX_SENT_BYTES} at once can be sent to the ClickHouse server: narrow the time range.`,
  );
}
