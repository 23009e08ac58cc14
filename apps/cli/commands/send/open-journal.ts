import { join } from 'node:path';
import { showCounted } from '../../output/figures.js';
import { printable } from '../../output/printable.js';
import { identityOf, journalFolder, pruneJournals, type Destination } from './journal-place.js';
import { Journal } from './journal.js';

/** A journal, where one can be kept, and the name of what is sent. */
export interface OpenedJournal {
  readonly journal: Journal | undefined;
  readonly name: string;
}

/**
 * Opens the journal of a file that is sent to a destination. Where none can be written the file is sent all the same, after
 * a note that it can't be gone on with.
 */
export function openJournal(
  path: string,
  destination: Destination,
  note: (text: string) => void,
): OpenedJournal {
  const identity = identityOf(path, destination);
  const folder = journalFolder();
  try {
    const journal = Journal.open(join(folder, `${identity}.jsonl`));
    pruneJournals(folder);
    return { journal, name: identity };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    note(`An interrupted send can not be gone on with: ${printable(folder)} can not be written (${code}).`);
    return { journal: undefined, name: identity };
  }
}

/** Says what earlier calls did of a file; nothing where there were none. */
export function sentBefore(journal: Journal | undefined, path: string): string | undefined {
  if (!journal || journal.prefix.bytes === 0) return undefined;
  const events = showCounted(journal.accepted, 'event');
  const file = printable(path);
  return journal.done === undefined
    ? `${file}: going on; ${events} of it were sent before.`
    : `${file}: was sent on ${journal.done.slice(0, 19)}Z (${events}); looking for more in it. --restart sends it anew.`;
}
