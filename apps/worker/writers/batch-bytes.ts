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

/** A writer that keeps up writes smaller batches, of this share. */
const STEADY_SHARE = 1 / 4;

/**
 * How large a batch grows while its writer keeps up. An insert's memory grows with its batch, and what is freed comes back
 * to the system only seconds later: with batches of one size the memory of a steady load is steady. A writer that is
 * behind takes all it may, since large batches cost less.
 *
 * @param most bytes that a batch may have
 */
export function steadyBytes(most: number): number {
  return Math.min(most, Math.max(LEAST_BYTES, Math.floor(most * STEADY_SHARE)));
}
