import { withApi } from '../../client/with-api.js';
import { jsonLine } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import type { ArchivesOptions } from './archives.run.js';
import { describeBegun, describeCompaction, type BegunCompaction, type Compaction } from './compact-texts.js';

export interface CompactOptions extends ArchivesOptions {
  readonly dryRun?: true;
}

const PATH = '/api/v1/archives/compaction';

/** Prints which small files would be merged, or begins to merge them. */
export async function compactArchives(options: CompactOptions): Promise<void> {
  await withApi(options, async (api) => {
    if (options.dryRun) {
      const seen = await api.json<Compaction>({ path: PATH });
      await writeOut(options.json ? `${jsonLine(seen)}\n` : describeCompaction(seen));
      return;
    }
    const begun = await api.json<BegunCompaction>({ method: 'POST', path: PATH });
    await writeOut(options.json ? `${jsonLine(begun)}\n` : describeBegun(begun));
  });
}
