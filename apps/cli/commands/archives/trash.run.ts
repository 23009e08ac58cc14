import { withApi } from '../../client/with-api.js';
import { jsonLine } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import type { ArchivesOptions } from './archives.run.js';
import {
  describeEmptied,
  describeTrash,
  describeUndeleted,
  type EmptiedTrash,
  type Trash,
  type Undeleted,
} from './trash-texts.js';

export interface TrashOptions extends ArchivesOptions {
  readonly empty?: true;
}

export interface UndeleteOptions extends ArchivesOptions {
  readonly from: string;
  readonly to: string;
}

const PATH = '/api/v1/archives';

/** Prints what can be brought back, or begins to delete it for good. */
export async function showTrash(options: TrashOptions): Promise<void> {
  const path = `${PATH}/trash`;
  await withApi(options, async (api) => {
    if (options.empty) {
      const gone = await api.json<EmptiedTrash>({ method: 'DELETE', path });
      await writeOut(options.json ? `${jsonLine(gone)}\n` : describeEmptied(gone));
      return;
    }
    const trash = await api.json<Trash>({ path });
    await writeOut(options.json ? `${jsonLine(trash)}\n` : describeTrash(trash));
  });
}

/** Brings deleted days back. */
export async function undeleteDays(stream: string, options: UndeleteOptions): Promise<void> {
  const json = { stream, start_time: options.from, end_time: options.to };
  await withApi(options, async (api) => {
    const back = await api.json<Undeleted>({ method: 'POST', path: `${PATH}/undelete`, json });
    await writeOut(options.json ? `${jsonLine(back)}\n` : describeUndeleted(back));
  });
}
