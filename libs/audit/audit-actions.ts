/**
 * What can be recorded, with a sentence for people: the noun first, then what was done to it. A name never changes its
 * meaning.
 */
export const AUDIT_ACTIONS = {
  'key.create': 'A key was made.',
  'key.revoke': 'A key was revoked.',
  'tenant.create': 'A tenant was made.',
  'settings.change': 'Run-time settings were changed.',
  'settings.start': 'The server started with other boot settings than the last time.',
  'stream.create': 'A stream was made.',
  'stream.reparse': 'A job was begun that parses stored events again.',
  'event-type.declare': 'An event type was declared.',
  'event-type.change': 'The next version of an event type was declared.',
  'event-type.delete': 'An event type was taken away.',
  'parser.declare': 'A parser was declared, or changed.',
  'parser.delete': 'A declared parser was deleted.',
  'parser.activate': 'A version of a parser was activated.',
  'parser.roll-back': 'A parser went back to the version before.',
  'parser.shadow': 'A version of a parser is tried on live traffic.',
  'parser.shadow-end': 'The trial of a version was ended.',
  'rules.replace': 'All routing rules of a tenant were replaced.',
  'rule.put': 'A routing rule was made or changed.',
  'rule.move': 'A routing rule was enabled, disabled or moved.',
  'rule.delete': 'A routing rule was taken away.',
  'redaction.put': 'A redaction rule was made or changed.',
  'redaction.delete': 'A redaction rule was taken away.',
  'enrichment.put': 'An enrichment was made or changed.',
  'enrichment.delete': 'An enrichment was taken away.',
  'enrichment.reload': 'The data of an enrichment was opened anew.',
  'enrichment.data': 'A file that an enrichment reads was replaced by another.',
  'notifier.put': 'A notifier was made or changed.',
  'notifier.delete': 'A notifier was deleted.',
  'input.create': 'An input was made.',
  'input.change': 'An input was changed.',
  'input.start': 'An input was started.',
  'input.stop': 'An input was stopped.',
  'input.delete': 'An input was deleted.',
  'quarantine.replay': 'A job was begun that sends refused events their way again.',
  'quarantine.resolve': 'A job was begun that clears away refused events.',
  'job.cancel': 'A job was cancelled.',
  'plugin.reload': 'The outside plugins were looked at again.',
  'plugin.trust': 'The list of trusted plugins was changed.',
  'plugin.change': 'An outside plugin was loaded, replaced, taken away, or taken out after failures.',
  'request.refuse': 'Requests that would have changed something were refused.',
  'audit.prune': 'Entries older than the retention were removed; the chain goes on behind them.',
  'audit.head-lost': 'The newest entries are not what was written last: some were removed or changed.',
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;

export const AUDIT_ACTION_NAMES = Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]];
