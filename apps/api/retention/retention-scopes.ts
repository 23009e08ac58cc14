import type { Scope } from '#access';

/** Who may see what is kept and what was deleted. */
export const MAY_READ: readonly Scope[] = ['retention:read', 'retention:write', 'streams:admin'];
/** Who may decide about it. */
export const MAY_WRITE: readonly Scope[] = ['retention:write', 'streams:admin'];
