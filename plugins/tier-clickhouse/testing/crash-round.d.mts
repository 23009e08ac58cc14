import type { Block } from '#event-model';
import type { StreamSpec } from '#plugin-kit';

export function makeRound(stream: StreamSpec, round: number, insert: number): Block[];
export const REFUSED_ROWS: readonly number[];
export const STORED_ROWS: readonly number[];
