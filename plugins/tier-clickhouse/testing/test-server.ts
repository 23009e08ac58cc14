import { randomBytes } from 'node:crypto';
import type { TierServer } from '#plugin-kit';
import { clickhouse } from '../../../tools/engines/clickhouse.mjs';
import { startEngine, type RunningEngine } from '../../../tools/engines/start-engine.mjs';
import { GRANTS } from '../server/grants.js';

/** A ClickHouse server for tests, and a user of it who has what the guide says and no more; `reader` may only read. */
export interface TestServer extends TierServer {
  /** The process; undefined where `CLICKHOUSE_URL` names a server that runs elsewhere. */
  readonly engine: RunningEngine | undefined;
  stop(): Promise<void>;
}

/** The server that `CLICKHOUSE_URL` names, with its user; else one of this test run's own. */
export async function startTestServer(): Promise<TestServer> {
  const {
    CLICKHOUSE_URL: url,
    CLICKHOUSE_USER: user = 'default',
    CLICKHOUSE_PASSWORD: set = '',
  } = process.env;
  if (url !== undefined)
    return { url, user, password: () => set, engine: undefined, stop: async () => undefined };
  const password = randomBytes(12).toString('hex');
  const grants = GRANTS.map((grant) => `GRANT ${grant}`);
  const reader = { name: 'reader', password: 'r', grants: ['GRANT SELECT ON *.*'] };
  const engine = await startEngine(clickhouse, { users: [{ name: 'writer', password, grants }, reader] });
  return {
    url: String(engine.variables['CLICKHOUSE_URL']),
    user: 'writer',
    password: () => password,
    engine,
    stop: () => engine.stop(),
  };
}
