/** Inserts of which a repeat is recognised while the process lives; far more than a writer has under way. */
const DEDUPLICATION_WINDOW = 1_000;

/**
 * Settings of every table that events are written to: a window, so that one repeated insert changes nothing in the
 * table, the quarantine and the roll-ups alike; and fsync, since blocks leave the bus once they are stored.
 */
export const WRITTEN = [
  `non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}`,
  'fsync_after_insert = 1',
  'fsync_part_directory = 1',
  'min_rows_to_fsync_after_merge = 1',
  // Seconds. What was merged is durable, so its parts need not be kept for eight minutes, with their lists of files in memory.
  'old_parts_lifetime = 30',
];
