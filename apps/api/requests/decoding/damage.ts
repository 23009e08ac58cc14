import { Problem } from '../../problems/problem.js';
import type { ContentEncoding } from './content-encoding.js';

/** The problem of a compressed body that can't be decoded. */
export function damaged(encoding: ContentEncoding, what: string, cause?: unknown): Problem {
  return new Problem('encoding_damaged', `The ${encoding} body ${what}.`, { cause });
}

/** Bytes that follow the end of what was compressed. */
export const TRAILING = 'has bytes behind its end';
/** A body that ends before its end. */
export const CUT = 'breaks off before its end';
/** Anything else. */
export const BROKEN = 'can not be decoded';
