import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TierError, type TierContext, type TierServer } from '#plugin-kit';
import { EMBEDDED_FOLDER } from './engine/embedded-folder.js';
import type { Engine } from './engine/engine.js';
import { upgradeQuarantines } from './quarantine/upgrade-quarantines.js';
import { finishSwaps } from './rewrite/swap.js';
import { dropFrozen } from './save/save-tables.js';
import { stageInFiles } from './write/block-files.js';
import type { RowStaging } from './write/row-staging.js';

/** Says which server has the events of a data directory. */
const SERVER_FILE = 'server';

/** Of the engine that reads files where the events are on a server. */
export const READER_FOLDER = 'file-reader';

/** What the tier runs on. */
export interface OpenEngine {
  readonly engine: Engine;
  readonly staging: RowStaging;
}

/** The one place that knows whether the engine is a server or in the process; its library is loaded only now. */
export function openEngine(context: TierContext): Promise<OpenEngine> {
  return context.server ? openServer(context, context.server) : openEmbedded(context);
}

async function openEmbedded(context: TierContext): Promise<OpenEngine> {
  refuseWildcards(context.scratchDirectory);
  await refuseOther(
    join(context.dataDirectory, SERVER_FILE),
    'on a ClickHouse server: set CLICKHOUSE_URL to it again',
  );
  const scratchDirectory = join(context.scratchDirectory, 'blocks');
  // What a killed process left there is on the bus still.
  await rm(scratchDirectory, { recursive: true, force: true });
  await mkdir(scratchDirectory, { recursive: true });
  const { ChdbEngine } = await import('./engine/chdb-engine.js');
  const engine = new ChdbEngine({
    directory: join(context.dataDirectory, EMBEDDED_FOLDER),
    memoryBytes: context.memoryBytes,
    concurrency: context.concurrency,
  });
  await finishWork(engine);
  return { engine, staging: stageInFiles(scratchDirectory) };
}

async function openServer(context: TierContext, server: TierServer): Promise<OpenEngine> {
  await useServers(context, server.url);
  const { checkAlone } = await import('./server/check-server.js');
  return openMember(context, server, { check: checkAlone, reader: READER_FOLDER });
}

/** Says in the data directory where the events are. */
export async function useServers({ dataDirectory }: TierContext, urls: string): Promise<void> {
  await refuseOther(
    join(dataDirectory, EMBEDDED_FOLDER),
    'in the engine in the process: move them with `alluvium migrate` (docs/guide/migrate.md), unset CLICKHOUSE_URL',
  );
  await writeFile(join(dataDirectory, SERVER_FILE), `${urls}\n`);
}

/** What tells one server from others. */
export interface MemberParts {
  /** Rejects where the server can't be worked with. */
  readonly check: (engine: Engine, server: TierServer) => Promise<void>;
  /** Folder of what reads files for it. */
  readonly reader: string;
}

/** One server. It may be out now: what is to be done first is done when it answers. */
export async function openMember(
  { concurrency, dataDirectory, asksOnly, turn }: TierContext,
  server: TierServer,
  { check, reader }: MemberParts,
): Promise<OpenEngine> {
  const { ServerEngine } = await import('./server/server-engine.js');
  const { OpeningEngine } = await import('./server/opening-engine.js');
  const { stageInSessions } = await import('./server/session-rows.js');
  const { FileReader } = await import('./server/file-reader.js');
  const files = new FileReader(join(dataDirectory, reader));
  const inner = new ServerEngine({ ...server, concurrency }, files);
  const engine = new OpeningEngine(inner, async () => {
    await check(inner, server);
    // What looks like left behind may be the work of another process.
    if (!asksOnly && !turn) await finishWork(inner);
  });
  turn?.before(() => finishWork(inner));
  return { engine, staging: stageInSessions(inner) };
}

/** Events that are elsewhere would be missing without a word. */
async function refuseOther(sign: string, where: string): Promise<void> {
  if (
    await access(sign).then(
      () => false,
      () => true,
    )
  )
    return;
  throw new TierError(
    'config',
    `The events of this data directory are ${where}, or set ALLUVIUM_DATA_DIR to an empty directory. (${sign} says so.)`,
  );
}

/** What an earlier version, or a process that was killed, left to do before anybody reads. */
async function finishWork(engine: Engine): Promise<void> {
  await upgradeQuarantines(engine);
  await finishSwaps(engine);
  await dropFrozen(engine);
}

/** The engine reads block files by path, where these characters would mean other files. */
function refuseWildcards(path: string): void {
  if (/[{}*?,[\]]/.test(path))
    throw new TierError(
      'config',
      `The scratch directory ${path} has one of {}*?,[] in its name, which the engine reads as a pattern; choose another.`,
    );
}
