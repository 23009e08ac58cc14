import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { isOneOfSeveral, type BootSettings } from '#app-config';

/** Later than whoever shares requests out has noticed: the proxy of the compose file looks each 2 s, and believes it twice. */
const NOTICED_MS = 5_000;

/** Milliseconds for which requests are still taken by a process that is not ready any more. */
export function leaveMs(boot: Pick<BootSettings, 'roles' | 'httpLeaveSeconds'>): number {
  if (!boot.roles.includes('api')) return 0;
  if (boot.httpLeaveSeconds !== undefined) return boot.httpLeaveSeconds * 1_000;
  return isOneOfSeveral(boot) ? NOTICED_MS : 0;
}

/**
 * Takes requests for as long as others may not know yet that this process goes, and closes each connection with the answer:
 * so none is closed while a request is on its way.
 */
export async function takeLastRequests(server: Server, forMs: number): Promise<void> {
  if (forMs === 0) return;
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
  await pause(forMs);
}
