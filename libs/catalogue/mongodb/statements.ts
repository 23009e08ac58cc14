import type { AnyBulkWriteOperation } from 'mongodb';
import { CatalogueMisuseError } from '../catalogue.errors.js';
import type { Change } from '../catalogue.port.js';
import { checkName, encodeValue } from '../document-rules.js';
import { keyOf, type KeptDocument } from './kept-document.js';

/** A document of MongoDB has at most 16 MiB; the rest is for what else is in it. */
const MAX_VALUE_BYTES = 2 ** 24 - 2 ** 14;

/** A change that was found possible. */
export interface Prepared {
  readonly change: Change;
  readonly key: string;
  /** Undefined deletes. */
  readonly text: string | undefined;
}

/** @throws CatalogueMisuseError where it can't be kept */
export function prepare(change: Change): Prepared {
  checkName('collection', change.collection);
  checkName('id', change.id);
  const text = change.value === undefined ? undefined : encodeValue(change);
  if (text !== undefined && Buffer.byteLength(text) > MAX_VALUE_BYTES)
    throw new CatalogueMisuseError(
      `The value of document "${change.id}" of "${change.collection}" has more than ${MAX_VALUE_BYTES} bytes, and MongoDB keeps no more: write it in parts.`,
    );
  return { change, key: keyOf(change.collection, change.id), text };
}

/** Whether a change is made whatever is there; one of these that deletes needs no version. */
export function isUnconditional({ change }: Prepared): boolean {
  return change.ifVersion === undefined;
}

/** Whether the version that is there must be known before the change can be made. */
export function needsVersion(prepared: Prepared): boolean {
  return isUnconditional(prepared) && prepared.text !== undefined;
}

/**
 * The update that makes a change where the document has `version` now (0: there is none) and fails otherwise. It is one atomic
 * operation on one document, which the server does once however often it is sent.
 */
export function statementOf(
  { change, key, text }: Prepared,
  version: number,
  writer: string,
): AnyBulkWriteOperation<KeptDocument> {
  const { collection } = change;
  const isAnyway = change.ifVersion === undefined && text === undefined;
  const always = {
    $set: {
      c: collection,
      w: writer,
      v: text === undefined ? 0 : version + 1,
      ...(text !== undefined && { t: text }),
    },
  };
  return {
    updateOne: {
      filter: { _id: key, v: isAnyway ? { $gt: 0 } : version },
      update: {
        ...always,
        ...(text === undefined ? { $unset: { t: '' } } : { $unset: { gone: '' } }),
        $currentDate: { m: { $type: 'timestamp' }, ...(text === undefined && { gone: true }) },
        // Nothing matched: an insert that can't be done is how the server says so of one statement of many. Without a
        // document to come from (version 0) the insert is what is wanted, and finds the key taken otherwise.
        ...(version > 0 && { $setOnInsert: { _id: 'conflict' } }),
      },
      upsert: !isAnyway,
    },
  };
}

const DUPLICATE_KEY = 11_000;
const IMMUTABLE_FIELD = 66;

/** Whether the server's refusal of a statement means that the document had another version. */
export function isConflict({ code }: { readonly code: number }): boolean {
  return code === DUPLICATE_KEY || code === IMMUTABLE_FIELD;
}
