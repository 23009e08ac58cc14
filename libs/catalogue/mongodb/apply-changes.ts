import { MongoBulkWriteError, type AnyBulkWriteOperation, type Collection } from 'mongodb';
import { PATIENCE } from '#mongodb-client';
import type { ChangeOutcome } from '../catalogue.port.js';
import { judgeChange } from '../document-rules.js';
import type { KeptDocument } from './kept-document.js';
import { isConflict, needsVersion, statementOf, type Prepared } from './statements.js';
import { runsOf } from './write-runs.js';

/** Times that a document may be changed by others between the look at its version and the write. */
const TRIES = 50;

type Documents = Collection<KeptDocument>;

/** Makes the changes in order and answers for each, when a majority has them in its journal. @throws what the driver throws */
export async function applyChanges(
  documents: Documents,
  changes: readonly Prepared[],
  writer: string,
): Promise<readonly ChangeOutcome[]> {
  const outcomes: ChangeOutcome[] = [];
  for (const run of runsOf(changes)) {
    const apply = run.some(needsVersion) ? applyAnyway : applyEach;
    outcomes.push(...(await apply(documents, run, writer)));
  }
  return outcomes;
}

/** Changes on condition, each judged by itself. */
async function applyEach(
  documents: Documents,
  run: readonly Prepared[],
  writer: string,
): Promise<readonly ChangeOutcome[]> {
  const expected = run.map(({ change }) => change.ifVersion ?? 0);
  const statements = run.map((each, nth) => statementOf(each, expected[nth] ?? 0, writer));
  const conflicts = await send(documents, statements, { ordered: false });
  if (conflicts.size === 0) return run.map(({ change }, nth) => judgeChange(change, expected[nth] ?? 0));
  const found = await versionsOf(
    documents,
    run.filter((_, nth) => conflicts.has(nth)),
  );
  return run.map(({ change, key }, nth) =>
    conflicts.has(nth)
      ? { kind: 'conflict', version: found.get(key) ?? 0 }
      : judgeChange(change, expected[nth] ?? 0),
  );
}

/** Changes that are made whatever is there: on condition of the version just seen, again where that was another one by then. */
async function applyAnyway(
  documents: Documents,
  run: readonly Prepared[],
  writer: string,
): Promise<readonly ChangeOutcome[]> {
  const outcomes: ChangeOutcome[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const rest = run.slice(outcomes.length);
    const found = await versionsOf(documents, rest.filter(needsVersion));
    const statements = rest.map((each) => statementOf(each, found.get(each.key) ?? 0, writer));
    const conflicts = await send(documents, statements, { ordered: true });
    const [failed = rest.length] = conflicts;
    outcomes.push(
      ...rest.slice(0, failed).map(({ change, key }) => judgeChange(change, found.get(key) ?? 0)),
    );
    if (conflicts.size === 0) return outcomes;
  }
  throw new Error(`another process changed a document ${TRIES} times meanwhile`);
}

/** The places of the statements that found another version. All else that goes wrong is thrown. */
async function send(
  documents: Documents,
  statements: readonly AnyBulkWriteOperation<KeptDocument>[],
  { ordered }: { readonly ordered: boolean },
): Promise<ReadonlySet<number>> {
  try {
    await documents.bulkWrite(statements, { ordered, maxTimeMS: PATIENCE.serverMs });
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
    const errors = [error.writeErrors].flat();
    if (errors.length === 0 || !errors.every(isConflict)) throw error;
    return new Set(errors.map(({ index }) => index));
  }
}

async function versionsOf(
  documents: Documents,
  changes: readonly Prepared[],
): Promise<ReadonlyMap<string, number>> {
  if (changes.length === 0) return new Map();
  const keys = changes.map(({ key }) => key);
  const options = { projection: { v: 1 }, maxTimeMS: PATIENCE.serverMs, batchSize: keys.length + 1 };
  const found = await documents.find({ _id: { $in: keys } }, options).toArray();
  return new Map(found.map(({ _id, v }) => [_id, v]));
}
