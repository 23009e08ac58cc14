import type { ServerOptions } from '../../client/server-place.js';
import { withApi } from '../../client/with-api.js';
import { EXIT } from '../../exit-codes.js';
import { jsonLine, printable } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import type { Attached, AttachedList, Estimate } from './archives-answers.js';
import { describeAttached, describeEstimate, isWhole } from './archives-texts.js';

/** What every command about archives takes. */
export interface ArchivesOptions extends ServerOptions {
  readonly json?: true;
}

export interface AttachOptions extends ArchivesOptions {
  readonly place: string;
  readonly stream?: string;
  readonly skipRefused?: true;
  readonly dryRun?: true;
}

const PATH = '/api/v1/archives';

/** Prints what is attached. */
export async function listAttached(options: ArchivesOptions): Promise<void> {
  await withApi(options, async (api) => {
    const list = await api.json<AttachedList>({ path: `${PATH}/attached` });
    await writeOut(options.json ? `${jsonLine(list)}\n` : describeAttached(list));
  });
}

/** Attaches an archive, or tells what that would bring. */
export async function attachArchive(name: string, options: AttachOptions): Promise<void> {
  const { place, stream = name, skipRefused = false } = options;
  const json = { name, place, stream, skip_refused: skipRefused };
  await withApi(options, async (api) => {
    if (options.dryRun) {
      const estimate = await api.json<Estimate>({ method: 'POST', path: `${PATH}/attach/estimate`, json });
      await writeOut(options.json ? `${jsonLine(estimate)}\n` : describeEstimate(estimate));
      process.exitCode = isWhole(estimate) ? EXIT.done : EXIT.partly;
      return;
    }
    const attached = await api.json<Attached>({ method: 'POST', path: `${PATH}/attach`, json });
    await writeOut(
      options.json ? `${jsonLine(attached)}\n` : describeAttached({ attached: [attached], places: [] }),
    );
  });
}

/** Detaches an archive. */
export async function detachArchive(name: string, options: ArchivesOptions): Promise<void> {
  await withApi(options, async (api) => {
    const gone = await api.json<Attached>({
      ...{ method: 'DELETE', path: `${PATH}/attached/${encodeURIComponent(name)}` },
    });
    await writeOut(
      options.json
        ? `${jsonLine(gone)}\n`
        : `Detached ${printable(gone.name)}; its archive stays as it is.\n`,
    );
  });
}
