/** Attributes that an event may have, nested ones aside. */
export const MAX_ATTRIBUTES = 2_000;
/** Bytes of an attribute's key, in UTF-8. */
export const MAX_KEY_BYTES = 256;
/** Levels of nesting, the event's own object counted. */
export const MAX_LEVELS = 64;
/** The oldest time that is taken for real, 1980-01-01: nanoseconds since the epoch. */
export const OLDEST_TIME = 315_532_800_000_000_000n;
/** How far an event's time may lie ahead of its acceptance: nanoseconds. */
export const MAX_AHEAD = 86_400_000_000_000n;
