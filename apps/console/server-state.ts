import type { Api } from './api.js';
import { byId } from './dom.js';

/** Between two looks: milliseconds. */
const LOOK_MS = 10_000;
const WORDS: Readonly<Record<string, string>> = { up: 'Up', degraded: 'Degraded', down: 'Down' };

/** Shows how the server is, and how many events were refused, as long as the page is open. */
export function watchServer(api: () => Api | undefined): () => void {
  const look = (): void => {
    void showHealth();
    const current = api();
    if (current) void showQuarantine(current);
  };
  setInterval(look, LOOK_MS);
  look();
  return look;
}

/** Readiness answers 503 where it is down, with the same body. */
async function showHealth(): Promise<void> {
  const badge = byId('health');
  const status = await fetch('/health/ready', { cache: 'no-store' })
    .then(async (answer) => ((await answer.json()) as { readonly status: string }).status)
    .catch(() => 'unreached');
  const text = WORDS[status] ?? 'Not reached';
  if (badge.textContent !== text) badge.textContent = text;
  badge.className = `badge ${WORDS[status] ? status : 'down'}`;
}

/** A key that may not read what was refused sees no number. */
async function showQuarantine(api: Api): Promise<void> {
  const badge = byId('quarantine');
  const total = await api
    .get<{ readonly total: number }>('/api/v1/quarantine?limit=1')
    .then((page) => page.total)
    .catch(() => undefined);
  badge.hidden = total === undefined;
  badge.textContent = `${(total ?? 0).toLocaleString('en')} in quarantine`;
  badge.className = total === 0 ? 'badge' : 'badge degraded';
}
