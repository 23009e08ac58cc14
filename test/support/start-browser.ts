import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

/** Milliseconds that installing a browser may take. */
export const INSTALL_MS = 600_000;

/**
 * Starts the Chromium that `CHROMIUM` names, or Debian's, which is installed where it is missing.
 *
 * @throws Error that says how to have one
 */
export async function startBrowser(): Promise<Browser> {
  await promisify(execFile)(join(import.meta.dirname, '../../tools/install-chromium.sh'));
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  // Root has no sandbox in a container; the only pages are this test's.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
