import { readFileSync } from 'node:fs';
import type { Settings } from '#app-config';
import type { TierServer } from '#plugin-kit';

/** The servers that settings name, by the plugin of the tier that keeps its events there. */
export function tierServers({
  clickhouseUrl: url,
  clickhouseUser: user,
  clickhousePassword: password,
  clickhouseTlsCa: ca,
}: Settings['boot']): Readonly<Record<string, TierServer>> {
  if (url === undefined) return {};
  const server = { url, user, password: () => password?.reveal() ?? '' };
  return { 'tier-clickhouse': ca === undefined ? server : { ...server, ca: readFileSync(ca, 'utf8') } };
}
