import { TooManyGroupsError } from '#plugin-kit';
import type { Engine, StatementResult } from '../engine/engine.js';
import { engineCode, MEMORY_LIMIT } from '../engine/error-codes.js';
import type { BoundValues } from './bound-values.js';

/** What a question runs with. */
export interface QuestionContext {
  readonly engine: Engine;
  /** Bytes of memory that the engine may use in all. */
  readonly memoryBytes: number;
}

interface Question {
  readonly statement: string;
  readonly values: BoundValues;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

/** Nice value of questions, so that ingest and its acknowledgements come first on a busy machine. */
const NICE = 10;

/**
 * Runs a statement that answers a question, within its time and memory.
 *
 * @throws TooManyGroupsError where it takes too much memory; TierError
 */
export async function runQuestion(
  { engine, memoryBytes }: QuestionContext,
  { statement, values, timeoutMs }: Question,
  signal?: AbortSignal,
): Promise<StatementResult> {
  const options = { lane: 'read' as const, parameters: values.parameters, ...(signal && { signal }) };
  try {
    return await engine.run(`${statement}${questionSettings(memoryBytes, timeoutMs)}`, options);
  } catch (error) {
    throw asTooManyGroups(error);
  }
}

/**
 * Settings of a statement that answers a question: its time, and its memory as a share of the engine's, so that one
 * question never starves ingest; groups and sorts that take more go to disk.
 */
function questionSettings(memoryBytes: number, timeoutMs: number): string {
  const most = Math.trunc(memoryBytes / 3);
  const spill = Math.trunc(most / 2);
  const settings = [
    `max_execution_time = ${timeoutMs / 1000}`,
    'max_threads = 2',
    `os_threads_nice_value_query = ${NICE}`,
    `max_memory_usage = ${most}`,
    `max_bytes_before_external_group_by = ${spill}`,
    `max_bytes_before_external_sort = ${spill}`,
  ];
  return ` SETTINGS ${settings.join(', ')}`;
}

/** What a question that took too much memory is to its caller; any other error as it is. */
function asTooManyGroups(error: unknown): unknown {
  const isOwnLimit =
    engineCode(error) === MEMORY_LIMIT && !/\(total\)/.test(String((error as Error).message));
  if (!isOwnLimit) return error;
  return new TooManyGroupsError(
    'The question takes more memory than one may have: group by fewer or other fields, choose a longer interval, count distinct values without "exact", or narrow the time range.',
    error,
  );
}
