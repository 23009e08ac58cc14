import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CliError, UsageError } from '../../cli-error.js';
import type { ApiClient } from '../../client/api-client.js';
import type { ServerOptions } from '../../client/server-place.js';
import { withApi } from '../../client/with-api.js';
import { EXIT } from '../../exit-codes.js';
import { showBytes, showCounted } from '../../output/figures.js';
import { jsonLine, printable } from '../../output/printable.js';
import { Progress } from '../../output/progress.js';
import { writeOut } from '../../output/write-out.js';

export interface MakeOptions extends ServerOptions {
  readonly json?: true;
}

/** What this command reads of the answers about backups. */
interface Backup {
  readonly id: string;
  readonly files: number;
  readonly bytes: number;
  readonly new_bytes: number;
  readonly rest_ms: number;
  readonly not_held: readonly string[];
}
interface Backups {
  readonly target: string | null;
  readonly backups: readonly Backup[];
}
interface Run {
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly note?: string;
  readonly error?: string;
}

const PATH = '/api/v1/backups';
/** Between two looks at the job: milliseconds. */
const LOOK_EVERY_MS = 200;

/** Has the server back itself up, and tells what came of it. */
export async function makeBackup(place: string | undefined, options: MakeOptions): Promise<void> {
  await withApi(options, async (api) => {
    if (place !== undefined) await requireTarget(api, place);
    const { job } = await api.json<{ readonly job: string }>({ method: 'POST', path: PATH });
    const { state, error = 'It was cancelled.' } = await ended(api, job);
    if (state !== 'done') throw new CliError(`The backup was not made: ${error}`, EXIT.failed);
    const { backups, target } = await api.json<Backups>({ path: PATH });
    const [backup] = backups;
    if (!backup) throw new CliError('The backup was made, and is not there any more.', EXIT.failed);
    await writeOut(options.json ? `${jsonLine(backup)}\n` : describe(backup, target));
  });
}

/** The server decides where it writes to: whoever may ask it for a backup may not choose any file of its machine. */
async function requireTarget(api: ApiClient, place: string): Promise<void> {
  const { target } = await api.json<Backups>({ path: PATH });
  const wanted = place.startsWith('s3:') ? place : resolve(place);
  if (target === wanted) return;
  throw new UsageError(
    `The server backs itself up to ${target ?? 'no place yet'}, and not to ${wanted}.`,
    `Start the server with ALLUVIUM_BACKUP_DIR=${wanted}, then run this again.`,
  );
}

async function ended(api: ApiClient, job: string): Promise<Run> {
  let note = 'The backup begins.';
  const progress = new Progress({ render: () => printable(note) });
  try {
    for (;;) {
      const run = await api.json<Run>({ path: `${PATH}/${encodeURIComponent(job)}` });
      if (run.state !== 'waiting' && run.state !== 'running') return run;
      note = run.note ?? note;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    progress.end();
  }
}

function describe(
  { id, files, bytes, new_bytes: added, rest_ms: rest, not_held }: Backup,
  target: string | null,
): string {
  const lines = [
    `Backup ${id} in ${target}: ${showCounted(files, 'file')}, ${showBytes(bytes)}, of which ${showBytes(added)} are new.`,
    `Storing rested for ${rest} ms. All that is new was read back.`,
    'Not in it:',
    ...not_held.map((sentence) => `  ${sentence}`),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}
