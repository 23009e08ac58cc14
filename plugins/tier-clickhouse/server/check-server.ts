import { TierError } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { GRANTS } from './grants.js';
import type { ServerName } from './server-errors.js';

/** Oldest version that the tests have run on. */
const OLDEST = { major: 26, minor: 7 };

/**
 * Whether a server can be worked with.
 *
 * @throws TierError `unavailable`: what is missing may be mended while this process runs
 */
export async function checkServer(engine: Engine, server: ServerName): Promise<void> {
  const [row] = (await engine.run('SELECT version() AS version', { lane: 'read' })).rows<{
    version: string;
  }>();
  refuseOld(String(row?.version), server);
  for (const grant of GRANTS) await checkGrant(engine, grant, server);
}

function refuseOld(version: string, { url }: ServerName): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new TierError(
    'unavailable',
    `The ClickHouse server at ${url} is of version ${version}, and ${OLDEST.major}.${OLDEST.minor} or newer is needed: upgrade it, or set CLICKHOUSE_URL to another.`,
  );
}

async function checkGrant(engine: Engine, grant: string, { url, user }: ServerName): Promise<void> {
  const [row] = (await engine.run(`CHECK GRANT ${grant}`, { lane: 'read' })).rows<{
    result: number | string;
  }>();
  if (Number(row?.result) === 1) return;
  throw new TierError(
    'unavailable',
    `The user ${user} of CLICKHOUSE_USER lacks a grant on the ClickHouse server at ${url}: GRANT ${grant} TO ${user}.`,
  );
}
