import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findDirectoryOwner } from '#event-bus';
import type { BootSettings } from '#app-config';
import { checkClock } from './checks/clock.js';
import { checkDataDirectory } from './checks/data-directory.js';
import { checkDataFormat } from './checks/data-format.js';
import { checkDisk } from './checks/disk.js';
import { checkMemory } from './checks/memory.js';
import { checkOpenFiles } from './checks/open-files.js';
import { checkPlatform } from './checks/platform.js';
import { checkPort } from './checks/port.js';
import { checkProcessor } from './checks/processor.js';
import { checkScratch } from './checks/scratch.js';
import { checkServer } from './checks/server.js';
import { checkSettings } from './checks/settings.js';
import { checkTls } from './checks/tls.js';
import type { DoctorContext } from './context.js';
import type { Finding } from './finding.js';
import { addressOf, askServer, type ServerState } from './machine/ask-server.js';
import type { Machine } from './machine/machine.js';
import { readSettings } from './read-settings.js';

type Check = (context: DoctorContext) => readonly Finding[] | Promise<readonly Finding[]>;

/** In the order of the report. */
const CHECKS: readonly Check[] = [
  checkTls,
  checkPort,
  checkDataDirectory,
  checkDataFormat,
  checkDisk,
  checkMemory,
  checkScratch,
  checkProcessor,
  checkPlatform,
  checkOpenFiles,
  checkClock,
  checkServer,
];

/** Looks at everything that a server with these settings needs. Changes nothing. */
export async function examine(machine: Machine): Promise<readonly Finding[]> {
  const { settings, problems } = readSettings({ env: machine.env, readText: readSettingsFile });
  const owner = await findDirectoryOwner(settings.boot.dataDir);
  const server = await findServer(settings.boot, owner.kind === 'held');
  const findings = [...checkSettings(settings, problems)];
  for (const check of CHECKS) findings.push(...(await check({ machine, settings, owner, server })));
  return findings;
}

function readSettingsFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** The key of the data directory is shown to nobody but the server that has that directory. */
async function findServer(boot: BootSettings, isOwn: boolean): Promise<ServerState> {
  const address = addressOf(boot);
  const state = await askServer(address);
  const key = isOwn && state.kind === 'alluvium' ? adminKey(boot.dataDir) : undefined;
  return key === undefined ? state : askServer(address, key);
}

function adminKey(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, 'admin.key'), 'utf8').trim();
  } catch {
    return undefined;
  }
}
