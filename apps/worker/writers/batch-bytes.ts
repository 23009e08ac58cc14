/** The engine needs up to some thirty times the bytes of a batch to parse it, for two batches at once. */
const ENGINE_BYTES_PER_BYTE = 64;
/** Two blocks: smaller batches would cost more than they save. */
const LEAST_BYTES = 2 ** 20;

/**
 * How large a batch may grow: what the settings say, or what the engine's memory does for.
 *
 * @param flushBytes the setting `flush_bytes`
 * @param engineBytes bytes of memory that the engine may use
 */
export function batchBytes(flushBytes: number, engineBytes: number): number {
  return Math.min(flushBytes, Math.max(LEAST_BYTES, Math.floor(engineBytes / ENGINE_BYTES_PER_BYTE)));
}
