import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../../cli-error.js';
import type { ApiClient } from '../../client/api-client.js';
import { withApi } from '../../client/with-api.js';
import { EXIT } from '../../exit-codes.js';
import { jsonLine, printable } from '../../output/printable.js';
import { Progress } from '../../output/progress.js';
import { writeOut } from '../../output/write-out.js';
import type { ArchivesOptions } from './archives.run.js';
import {
  describeRestored,
  describeRestoreEstimate,
  type Restored,
  type RestoreEstimate,
} from './restore-texts.js';

export interface RestoreOptions extends ArchivesOptions {
  readonly from: string;
  readonly to: string;
  readonly name?: string;
  readonly days: number;
  readonly dryRun?: true;
}

interface Job {
  readonly state: string;
  readonly note?: string;
  readonly error?: string;
}

const PATH = '/api/v1/archives';
/** Between two looks at a job: milliseconds. */
const LOOK_EVERY_MS = 300;

/** Restores a time, or tells what that would bring. */
export async function restoreEvents(stream: string, options: RestoreOptions): Promise<void> {
  const { from, to, name, days } = options;
  const json = { stream, name, start_time: from, end_time: to, expires_in_days: days };
  await withApi(options, async (api) => {
    if (options.dryRun) {
      const path = `${PATH}/restore/estimate`;
      const estimate = await api.json<RestoreEstimate>({ method: 'POST', path, json });
      await writeOut(options.json ? `${jsonLine(estimate)}\n` : describeRestoreEstimate(estimate));
      process.exitCode = estimate.fits ? EXIT.done : EXIT.partly;
      return;
    }
    const begun = await api.json<Restored>({ method: 'POST', path: `${PATH}/restore`, json });
    const restored = await ended(api, begun);
    await writeOut(options.json ? `${jsonLine(restored)}\n` : describeRestored([restored]));
  });
}

/** Prints what is restored. */
export async function listRestored(options: ArchivesOptions): Promise<void> {
  await withApi(options, async (api) => {
    const { restored } = await api.json<{ readonly restored: readonly Restored[] }>({
      path: `${PATH}/restored`,
    });
    await writeOut(options.json ? `${jsonLine({ restored })}\n` : describeRestored(restored));
  });
}

/** Takes a restored stream away. */
export async function unloadStream(name: string, options: ArchivesOptions): Promise<void> {
  await withApi(options, async (api) => {
    const path = `${PATH}/restored/${encodeURIComponent(name)}`;
    const gone = await api.json<Restored>({ method: 'DELETE', path });
    const said = `${printable(gone.name)} is taken away; the archive stays as it is.\n`;
    await writeOut(options.json ? `${jsonLine(gone)}\n` : said);
  });
}

/** @throws CliError where the job ended without all of the events */
async function ended(api: ApiClient, { name, job }: Restored): Promise<Restored> {
  let note = 'The restore begins.';
  const progress = new Progress({ render: () => note });
  try {
    for (;;) {
      const found = await api.json<Restored>({ path: `${PATH}/restored/${encodeURIComponent(name)}` });
      if (found.state !== 'restoring') return found;
      const { state, error, ...more } = await api.json<Job>({
        path: `/api/v1/jobs/${encodeURIComponent(job)}`,
      });
      if (state === 'failed' || state === 'cancelled')
        throw new CliError(
          `The job ${printable(job)} ended as ${printable(state)}. ${printable(error ?? '')}`,
          EXIT.failed,
        );
      note = more.note ?? note;
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    progress.end();
  }
}
