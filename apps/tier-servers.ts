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
  clickhouseUrl: urls,
  clickhouseUser: user,
  clickhousePassword: password,
  clickhouseTlsCa: ca,
  ...boot
}: Settings['boot']): TierServer | undefined {
  const [url] = urls ?? [];
  if (urls === undefined || url === undefined) return undefined;
  const { clickhouseCluster: name, clickhouseShardKey: keys } = boot;
  const shardKeyOf = (eventType: string) => keys.get(eventType) ?? keys.get('') ?? 'batch';
  return {
    url,
    user,
    password: () => password?.reveal() ?? '',
    ...(name !== undefined && { cluster: { name, urls, shardKeyOf } }),
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
