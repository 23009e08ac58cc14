import type { StatementResult } from '../engine/engine.js';
import { engineCode, UNKNOWN_DATABASE, UNKNOWN_TABLE } from '../engine/error-codes.js';

/** Rows of a statement; none where the stream has no table yet, since nothing was written to it. */
export async function rowsOrNone<T>(result: Promise<StatementResult>): Promise<T[]> {
  return (await resultOrNone(result))?.rows<T>() ?? [];
}

/** A statement's answer; undefined where there is no table. */
export async function resultOrNone(result: Promise<StatementResult>): Promise<StatementResult | undefined> {
  try {
    return await result;
  } catch (error) {
    if ([UNKNOWN_TABLE, UNKNOWN_DATABASE].includes(engineCode(error))) return undefined;
    throw error;
  }
}
