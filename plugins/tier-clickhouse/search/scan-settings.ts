/** Nice value of scans, so that ingest and its acknowledgements come first on a busy machine. */
export const SCAN_NICE = 10;
/** Bytes of rows, as the engine holds them, that a window should have: they are sorted in memory. */
export const WINDOW_BYTES = 16 * 2 ** 20;
/** Most rows of a window. */
export const WINDOW_ROWS = 65_536;
/** Least rows of a window, however long they are on average. */
export const MIN_WINDOW_ROWS = 64;
/** Bytes that a statement of a scan may hold; one that needs more is asked again for fewer rows. */
export const STATEMENT_BYTES = 192 * 2 ** 20;
/** Bytes of text that one piece should have. */
export const PIECE_BYTES = 512 * 1024;
/** Most rows of one piece. */
export const PIECE_ROWS = 2_048;
/** Bytes that are read at once of each column's file: there are many columns, and disks read ahead by themselves. */
export const READ_BYTES = 128 * 1024;
