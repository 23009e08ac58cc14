import { LEGAL_HOLDS_COLLECTION, legalHoldsElsewhere } from '#archived-units';
import { carriedAccounts } from '#ledger';
import { archiveToBe, type Remade } from '#migration';
import type { Survey } from './survey.js';

const DAY_MS = 86_400_000;
/** Events up to a day in the future are taken, and clocks differ. */
const AHEAD_MS = 2 * DAY_MS;

/**
 * Streams as they are, what their store keeps for holds, what their archives are when nothing of them is in a table, and the
 * account of the refused events that come along.
 */
export function remadeOf(
  { archives, legalHolds, records, refused, streams }: Survey,
  now = Date.now(),
): Remade {
  const at = new Date(now).toISOString();
  const ahead = new Date(now + AHEAD_MS).toISOString();
  const lastDay = Number(ahead.slice(0, 'YYYY-MM-DD'.length).replaceAll('-', ''));
  const made = streams.flatMap(({ stream, units }) => {
    const id = `${stream.tenant}/${stream.name}`;
    const archive = archiveToBe(archives.get(id), units, { lastDay, at });
    return archive ? [[id, archive] as const] : [];
  });
  const held = [...legalHolds].map(([id, holds]) => [id, legalHoldsElsewhere(holds)] as const);
  return {
    ...{ streams: records, 'archived-units': new Map(made), [LEGAL_HOLDS_COLLECTION]: new Map(held) },
    ...carriedAccounts(refused),
  };
}
