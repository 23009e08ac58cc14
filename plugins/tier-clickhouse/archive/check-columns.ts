import type { EventTypeDeclaration } from '#event-model';
import { TierError, type ArchiveColumn } from '#plugin-kit';
import { columnsOf } from '../schema/columns.js';
import { fileType, RAW_BASE64 } from './archive-columns.js';
import { readAsTable } from './file-columns.js';

/**
 * Refuses files whose columns are others than those of the type here: a value would be lost, or be another one.
 *
 * @throws TierError `config`
 */
export function checkColumns(eventType: EventTypeDeclaration, has: readonly ArchiveColumn[]): void {
  readAsTable(eventType, has);
  const types = new Map(columnsOf(eventType).map(({ name, type }) => [name, fileType(type)]));
  const wrong = has.find(({ name, type }) => name !== RAW_BASE64 && types.get(name) !== type);
  if (!wrong) return;
  const here = types.get(wrong.name);
  throw new TierError(
    'config',
    here === undefined
      ? `The files have the column ${wrong.name}, which the event type "${eventType.name}" lacks here: declare it.`
      : `The column ${wrong.name} is ${wrong.type} in the files, and ${here} in the event type "${eventType.name}" here.`,
  );
}
