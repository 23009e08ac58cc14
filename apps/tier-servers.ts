import { readFileSync } from 'node:fs';
import type { Settings } from '#app-config';
import type { TierServer } from '#plugin-kit';

/** The servers that settings name, by the plugin of the tier that keeps its events there. */
export function tierServers(boot: Settings['boot']): Readonly<Record<string, TierServer>> {
  const servers = { 'tier-clickhouse': clickhouse(boot), 'tier-mongodb': mongodb(boot) };
  return Object.fromEntries(
    Object.entries(servers).flatMap(([name, server]) => (server ? [[name, server]] : [])),
  );
}

function clickhouse({
  clickhouseUrl: url,
  clickhouseUser: user,
  clickhousePassword: password,
  clickhouseTlsCa: ca,
}: Settings['boot']): TierServer | undefined {
  if (url === undefined) return undefined;
  return {
    url,
    user,
    password: () => password?.reveal() ?? '',
    ...(ca !== undefined && { ca: readFileSync(ca, 'utf8') }),
  };
}

/** Documents stand in the database of the catalogue, in collections of their own. */
function mongodb(boot: Settings['boot']): TierServer | undefined {
  const { mongodbUri: url, mongodbUser: user = '', mongodbPassword: password, mongodbTlsCa: ca } = boot;
  if (url === undefined) return undefined;
  const server = { url, user, password: () => password?.reveal() ?? '', database: boot.mongodbDatabase };
  return { ...server, ...(ca !== undefined && { ca: readFileSync(ca, 'utf8') }) };
}
