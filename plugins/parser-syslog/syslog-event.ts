import { SYSLOG_LEVELS, type ParsedLine, type Priority } from '#plugin-kit';

/** An event in the making: keys in the order in which they are written. */
export type SyslogEvent = Record<string, unknown>;

/** What of a message becomes fields of its own; what is undefined or empty is left out. */
export interface SyslogFields {
  readonly timestamp?: string | undefined;
  readonly host?: string | undefined;
  readonly service?: string | undefined;
  readonly message?: string | undefined;
}

/** An event with the fields that all syslog messages share. */
export function syslogEvent(fields: SyslogFields, priority: Priority | undefined): SyslogEvent {
  const event: SyslogEvent = {};
  if (fields.timestamp) event['timestamp'] = fields.timestamp;
  if (priority) event['level'] = SYSLOG_LEVELS[priority.severity];
  if (fields.service) event['service'] = fields.service;
  if (fields.host) event['host'] = fields.host;
  if (fields.message) event['message'] = fields.message;
  if (!priority) return event;
  event['syslog.priority'] = priority.priority;
  event['syslog.facility'] = priority.facility;
  event['syslog.severity'] = priority.severity;
  return event;
}

/** A refusal with its stable reason. */
export function refused(reason: string, message: string): ParsedLine {
  return { kind: 'refused', reason, message };
}
