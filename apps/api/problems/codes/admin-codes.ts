import type { ProblemCode } from './problem-code.js';

/** What admins set up, look at and try. */
export const ADMIN_CODES = {
  parser_not_found: {
    status: 404,
    title: 'There is no such parser',
    mend: 'Use one that GET /api/v1/parsers lists, or auto.',
  },
  version_not_found: {
    status: 404,
    title: 'There is no such version of the parser',
    mend: 'Use one that GET /api/v1/parsers/{parser}/versions lists; where several have one name, its id.',
  },
  version_unusable: {
    status: 409,
    title: 'The version can not run',
    mend: 'Do what the detail says; the active version goes on as before.',
  },
  no_version_before: {
    status: 409,
    title: 'There is no version to go back to',
    mend: 'Activate one that GET /api/v1/parsers/{parser}/versions lists.',
  },
  role_elsewhere: {
    status: 409,
    title: 'Another process has the role for this',
    mend: 'Do it where roles run together in one process: ALLUVIUM_ROLES=api,worker,scheduler.',
  },
  shadow_not_found: {
    status: 404,
    title: 'There is no such shadow',
    mend: 'Use one that GET /api/v1/parsers/{parser}/shadows lists; they end with the server.',
  },
  too_many_shadows: {
    status: 409,
    title: 'As many shadows are at work as may be',
    mend: 'End one with DELETE /api/v1/parsers/{parser}/shadows/{shadow}.',
  },
  event_type_not_found: {
    status: 404,
    title: 'There is no such event type',
    mend: 'Use one that GET /api/v1/event-types lists.',
  },
  parser_name_invalid: {
    status: 400,
    title: 'That is no name for a declared parser',
    mend: 'Use 1 to 63 of a-z, 0-9 and -, starting with a letter or digit; not auto and not dry-run.',
  },
  parser_name_taken: {
    status: 409,
    title: 'A plugin brings a parser of that name',
    mend: 'Choose another name.',
  },
  parser_kind_unknown: {
    status: 400,
    title: 'There is no such kind of parser',
    mend: 'Use one of the kinds that GET /api/v1/parsers lists.',
  },
  parser_not_declared: {
    status: 409,
    title: 'The parser belongs to a plugin',
    mend: 'Only declared parsers can be deleted here; plugins are files of the server.',
  },
  parser_in_use: {
    status: 409,
    title: 'The parser is in use',
    mend: 'Name another parser where the detail says, then delete this one.',
  },
  too_many_parsers: {
    status: 409,
    title: 'The server has all the declared parsers it may have',
    mend: 'Delete one, or give one more patterns.',
  },
  parser_not_made: {
    status: 409,
    title: 'The plugin makes no parser of these options',
    mend: 'Mend the plugin and trust it again, or give it other options; nothing was changed.',
  },
  parser_conflict: {
    status: 412,
    title: 'The parser was changed meanwhile',
    mend: 'Read it again with GET /api/v1/parsers/{parser}, then send the change with its new ETag.',
  },
  event_type_invalid: {
    status: 400,
    title: 'The event type can not be declared so',
    mend: 'Correct every entry of errors and send it again; nothing was changed.',
  },
  event_type_exists: {
    status: 409,
    title: 'There is an event type of this name already',
    mend: 'Choose another name, or declare its next version with PUT /api/v1/event-types/{event_type}.',
  },
  event_type_of_plugin: {
    status: 409,
    title: "The event type is a plugin's",
    mend: 'Change the plugin, or declare a type of your own under another name.',
  },
  event_type_change_refused: {
    status: 409,
    title: 'Tables that are there can not follow the change',
    mend: 'Do what every entry of errors says, or declare a new type; nothing was changed.',
  },
  event_type_conflict: {
    status: 409,
    title: 'The event type was changed meanwhile',
    mend: 'Read it again with GET /api/v1/event-types/{event_type}, then send the change.',
  },
  event_type_in_use: {
    status: 409,
    title: 'Streams have the event type',
    mend: 'Keep it: a stream has its type for life.',
  },
  too_many_event_types: {
    status: 409,
    title: 'The tenant has all the event types it may have',
    mend: 'Take one away that no stream has.',
  },
  too_many_versions: {
    status: 409,
    title: 'The event type has all the versions it may have',
    mend: 'Declare a new type, and make a stream of it.',
  },
  redaction_not_found: {
    status: 404,
    title: 'There is no such redaction rule',
    mend: 'Use one that GET /api/v1/redactions lists.',
  },
  redaction_name_invalid: {
    status: 400,
    title: 'That is no name for a redaction rule',
    mend: 'Use 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit; not dry-run.',
  },
  too_many_redactions: {
    status: 409,
    title: 'The tenant has all the redaction rules it may have',
    mend: 'Put fields and detectors of one action into one rule.',
  },
  rule_not_found: {
    status: 404,
    title: 'There is no such routing rule',
    mend: 'Use one that GET /api/v1/rules lists.',
  },
  rule_name_invalid: {
    status: 400,
    title: 'That is no name for a routing rule',
    mend: 'Use 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit; not dry-run.',
  },
  too_many_rules: {
    status: 409,
    title: 'The tenant has all the routing rules it may have',
    mend: 'Put values of one condition into one rule, or take rules away that match nothing.',
  },
  too_many_policies: {
    status: 409,
    title: 'The routing rules name more policies than they may',
    mend: 'Let rules that drop for the same reason share a policy: 8 names are the most.',
  },
  rules_conflict: {
    status: 412,
    title: 'The routing rules were changed meanwhile',
    mend: 'Read them again with GET /api/v1/rules, then send the change with its ETag as If-Match.',
  },
  reparse_running: {
    status: 409,
    title: 'Events of the stream are being parsed again',
    mend: 'Wait for the job, or cancel it with DELETE /api/v1/jobs/{job}.',
  },
  reparse_no_room: {
    status: 409,
    title: 'There is no room on the disk for a copy of the largest day',
    mend: 'Make room, or ask for other days: POST /api/v1/streams/{stream}/reparse/plan says what each takes.',
  },
  job_not_cancellable: {
    status: 409,
    title: 'The job can not be cancelled',
    mend: 'Wait for its end: only jobs that parse stored events again or apply a retention plan can be cancelled, while they wait or run.',
  },
  job_not_found: {
    status: 404,
    title: 'There is no such job',
    mend: 'Use an id that the request which began the job answered with; jobs are kept for 7 days.',
  },
  too_many_dry_runs: {
    status: 429,
    title: 'Too many dry runs wait',
    mend: 'Send the same request again after the seconds in Retry-After.',
  },
  settings_invalid: {
    status: 400,
    title: 'The settings can not be changed so',
    mend: 'Correct every entry of errors and send it again; nothing was changed.',
  },
  settings_conflict: {
    status: 412,
    title: 'The settings were changed meanwhile',
    mend: 'Read them again with GET /api/v1/settings, then send the change with its ETag as If-Match.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
