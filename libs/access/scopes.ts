/** What a key may do, with a sentence for people. */
export const SCOPES = {
  'events:write': 'Send events and read the receipts of what was sent.',
  'streams:create': 'Create a stream by sending to it.',
  'logs:read': 'Search and read events.',
  'quarantine:read': 'Read what was refused, with its raw bytes.',
  'streams:admin':
    'Change streams and their policies, replay what was refused, set up redaction and enrichment.',
  'retention:read': 'Read retention policies, holds, plans and what was deleted.',
  'retention:write': 'Change retention policies and holds, and apply plans, which delete events.',
  'keys:admin': "Create and revoke keys of the key's own tenant.",
  'audit:read': "Read and verify the audit record, as far as it is about the key's own tenant.",
  metrics: 'Read /metrics and the details of /health.',
  system: 'Manage all tenants and their keys.',
} as const;

export type Scope = keyof typeof SCOPES;

/** All scopes, as the first admin key has them. */
export const ALL_SCOPES = Object.keys(SCOPES) as readonly Scope[];

export const isScope = (text: string): text is Scope => Object.hasOwn(SCOPES, text);
