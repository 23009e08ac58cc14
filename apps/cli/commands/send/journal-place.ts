import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

/** What makes one sending of a file another than the next: where it goes and as what. */
export interface Destination {
  readonly url: URL;
  readonly key: string | undefined;
  readonly stream: string | undefined;
  readonly source: string | undefined;
  readonly parser: string | undefined;
}

const KEPT_MS = 30 * 24 * 3_600_000;

/** Where journals lie: `$XDG_STATE_HOME/alluvium/send`, by default in `~/.local/state`. */
export function journalFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(env['XDG_STATE_HOME'] || join(homedir(), '.local/state'), 'alluvium/send');
}

/**
 * Names a file that is sent to a destination: 64 hex digits. Its path and not its content, which may grow; the public part of
 * the key, since another server at the same address has other keys.
 */
export function identityOf(path: string, { url, key, stream, source, parser }: Destination): string {
  const keyId = key?.split('_').slice(0, 2).join('_');
  const parts = [hostname(), realpathSync(path), url.href, keyId, stream, source, parser];
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('hex');
}

/** Removes journals that were not written to for thirty days. */
export function pruneJournals(folder: string, now: () => number = Date.now): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.jsonl') && now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { force: true });
  }
}
