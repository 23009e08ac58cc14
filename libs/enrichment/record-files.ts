import type { Logger } from 'pino';
import type { AuditRecord } from '#audit';
import type { SourceParts } from './enrichment-source.js';

/** Records files that were replaced since data was opened from them last: who may write them needs no key. */
export function recordFiles(
  audit: Pick<AuditRecord, 'seen'>,
  logger: Pick<Logger, 'error'>,
): NonNullable<SourceParts['opened']> {
  const as = { action: 'enrichment.data', actor: { kind: 'file' } } as const;
  const note = (object: string, sha256: string): Promise<void> =>
    audit.seen.note('enrichment-files', object, { sha256 }, as);
  return ({ tenant }, files) => {
    for (const [name, sha256] of files)
      note(`${tenant}/${name}`, sha256).catch((error: unknown) =>
        logger.error({ err: error, tenant, file: name }, 'a replaced file is not in the audit record'),
      );
  };
}
