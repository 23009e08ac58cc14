import type { Logger } from 'pino';
import { EnricherDataError } from '#plugin-kit';
import type { SourceId, SourceParts } from './enrichment-source.js';

/** Milliseconds in which the same trouble is logged once. */
const QUIET_MS = 60_000;
const MOST_KNOWN = 1_000;

/** Logs what goes wrong with data and look-ups, each trouble once a minute: a look-up may fail for every piece of lines. */
export function troubleLog(
  logger: Pick<Logger, 'warn' | 'error'>,
  now: () => number,
): SourceParts['troubled'] {
  const known = new Map<string, number>();
  return ({ tenant, kind, options }: SourceId, error: unknown) => {
    const isData = error instanceof EnricherDataError;
    const id = JSON.stringify([
      tenant,
      kind,
      options,
      error instanceof Error ? error.message : String(error),
    ]);
    if (now() - (known.get(id) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(id, now());
    const fields = { err: error, tenant, kind, options };
    if (isData) logger.warn(fields, 'data of an enrichment can not be opened: what was open stays in use');
    else logger.error(fields, 'an enricher failed: mend its plugin; events go on without its fields');
  };
}
