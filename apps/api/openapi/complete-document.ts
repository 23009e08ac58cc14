import type { OpenAPIObject } from '@nestjs/swagger';
import { ADMIN_NOTES } from './notes/admin.js';
import { ARCHIVE_NOTES } from './notes/archives.js';
import { AUDIT_NOTES } from './notes/audit.js';
import { BACKUP_NOTES } from './notes/backups.js';
import { DISK_NOTES } from './notes/disk.js';
import { EVENT_NOTES } from './notes/events.js';
import { ENRICHMENT_NOTES } from './notes/enrichments.js';
import { INPUT_NOTES } from './notes/inputs.js';
import { LOG_NOTES } from './notes/logs.js';
import { MIGRATION_NOTES } from './notes/migration.js';
import { NOTIFIER_NOTES } from './notes/notifiers.js';
import { ExamplesByType, type OperationNote, type OperationNotes } from './notes/operation-note.js';
import { PARSER_NOTES } from './notes/parsers.js';
import { PLUGIN_NOTES } from './notes/plugins.js';
import { PROBE_NOTES } from './notes/probes.js';
import { QUARANTINE_NOTES } from './notes/quarantine.js';
import { EVENT_TYPE_NOTES } from './notes/event-types.js';
import { REDACTION_NOTES } from './notes/redactions.js';
import { RETENTION_NOTES } from './notes/retention.js';
import { RULE_NOTES } from './notes/rules.js';
import { SETTINGS_NOTES } from './notes/settings.js';
import { WORKBENCH_NOTES } from './notes/workbench.js';
import { SAMPLE } from './notes/sample-values.js';
import { PROBLEM_SCHEMA, problemAnswers, type Operation } from './problem-answers.js';

const NOTES: OperationNotes = {
  ...EVENT_NOTES,
  ...LOG_NOTES,
  ...ADMIN_NOTES,
  ...ARCHIVE_NOTES,
  ...AUDIT_NOTES,
  ...ENRICHMENT_NOTES,
  ...INPUT_NOTES,
  ...NOTIFIER_NOTES,
  ...PARSER_NOTES,
  ...PLUGIN_NOTES,
  ...QUARANTINE_NOTES,
  ...EVENT_TYPE_NOTES,
  ...REDACTION_NOTES,
  ...RETENTION_NOTES,
  ...RULE_NOTES,
  ...SETTINGS_NOTES,
  ...BACKUP_NOTES,
  ...MIGRATION_NOTES,
  ...DISK_NOTES,
  ...PROBE_NOTES,
  ...WORKBENCH_NOTES,
};

const TAGS: Readonly<Record<string, string>> = {
  Events: 'Sending events, and what became of them.',
  Logs: 'Searching, counting, reading and exporting events.',
  Quarantine: 'What was refused, with its bytes and the reason.',
  'Event types': 'What kinds of event a stream may hold.',
  Streams: 'Where events are kept: one event type, one table, one policy each.',
  Routing: 'To which stream an event goes, which parser reads it, and what is sampled or dropped.',
  Retention: 'How long events are kept, and proof of what was deleted.',
  Archives: 'Days in open files, brought in from elsewhere.',
  Backups: 'Copies of the whole appliance, made while it runs.',
  Migration: 'What comes from an older data directory, while it comes.',
  Redactions: 'What is taken out of events before anybody can read it.',
  Enrichments: 'What is added to events that is known of their values.',
  Notifiers: 'Who is told when something is wrong.',
  Jobs: 'What runs on after its request was answered.',
  Parsers: 'What makes events of lines of text, and what it would make of yours.',
  Workbench: 'Versions of a parser: compared, tried on live traffic, activated and rolled back.',
  Plugins: 'What the server is made of and extended by, and what is wrong with it.',
  Inputs: 'What listens for messages besides HTTP, and who may send to it.',
  Keys: 'Who may do what.',
  Tenants: 'Whose data it is.',
  Audit: 'Who changed what, and proof that nobody rewrote it.',
  Disk: 'What the data takes, and how long the disk lasts.',
  Settings: 'How the appliance is set up.',
  Ledger: 'The account of everything that was acknowledged.',
  Health: 'For probes and Prometheus.',
};

/** What stands for a path's parameter. */
const PATH_PARAMETERS: Readonly<Record<string, { readonly description: string; readonly example: string }>> =
  {
    stream: { description: "A stream's name.", example: SAMPLE.stream },
    event_id: { description: '`event_id` as a search shows it.', example: SAMPLE.eventId },
    event_type: { description: "An event type's name.", example: 'log' },
    tenant: { description: "A tenant's name.", example: 'default' },
    input: { description: "An input's name.", example: 'office' },
    parser: { description: "A parser's name, or `auto`.", example: 'syslog' },
    version: {
      description: 'A version: its `id` or the beginning of it, its number, `active`, or `before`.',
      example: 'before',
    },
    shadow: { description: 'The `id` of a shadow.', example: SAMPLE.jobId },
    redaction: { description: "A redaction rule's name.", example: 'cards' },
    hold: { description: "A hold's `id`.", example: SAMPLE.jobId },
    plan: { description: "A retention plan's `id`.", example: '20261122T081530-5f0e6a52' },
    run: { description: 'The `id` of the plan that was applied.', example: '20261122T081530-5f0e6a52' },
    policy: {
      description: 'What it is for: `tenant`, `event-type:<name>` or `stream:<name>`.',
      example: 'stream:default',
    },
    rule: { description: "A routing rule's name.", example: 'health' },
    enrichment: { description: "An enrichment's name.", example: 'places' },
    notifier: { description: "A notifier's name.", example: 'chat' },
    job: { description: 'The id that the request which began the job answered with.', example: SAMPLE.jobId },
    receipt: { description: '`receipt` as the sender got it.', example: SAMPLE.receipt },
    id: { description: "A key's `id`, as its list shows it.", example: SAMPLE.keyId },
  };

/** Adds what decorators have no place for: descriptions of tags and parameters, examples, and every failure. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item as Record<string, Operation>).map(([method, operation]) => [
        method,
        completeOperation(operation),
      ]),
    ),
  ]);
  const schemas = { ...document.components?.schemas, Problem: PROBLEM_SCHEMA };
  return {
    ...document,
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    components: { ...document.components, schemas },
    paths: Object.fromEntries(paths) as OpenAPIObject['paths'],
  };
}

function completeOperation(operation: Operation): Operation {
  const note = NOTES[operation.operationId ?? ''] ?? {};
  const successes = Object.entries(operation.responses).map(([status, answer]) => [
    status,
    withExample(answer, note.answers?.[Number(status)]),
  ]);
  return {
    ...operation,
    ...(operation.parameters && {
      parameters: operation.parameters.map((one) => describeParameter(one, note)),
    }),
    ...withRequest(operation, note),
    responses: {
      ...problemAnswers(operation, note.problems ?? []),
      ...(Object.fromEntries(successes) as Operation['responses']),
    },
  };
}

type Parameter = NonNullable<Operation['parameters']>[number];

function describeParameter(parameter: Parameter, { query = {} }: OperationNote): Parameter {
  if ('in' in parameter && parameter.in === 'query' && Object.hasOwn(query, parameter.name))
    return { ...parameter, example: query[parameter.name] };
  const known = 'in' in parameter && parameter.in === 'path' ? PATH_PARAMETERS[parameter.name] : undefined;
  return known ? { ...known, ...parameter } : parameter;
}

function withRequest({ requestBody }: Operation, { request }: OperationNote): Partial<Operation> {
  if (!requestBody || !('content' in requestBody)) return {};
  return { requestBody: { ...requestBody, content: withExamples(requestBody.content, request) } };
}

type Answer = Operation['responses'][string];

function withExample(answer: Answer, example: unknown): Answer {
  if (!answer || !('content' in answer) || !answer.content) return answer;
  return { ...answer, content: withExamples(answer.content, example) };
}

type Content = Extract<NonNullable<Operation['requestBody']>, { readonly content: object }>['content'];
type Media = Content[string];

/** Each type of body with an example: its own, or else the one that is given, for this type or for all. */
function withExamples(content: Content, example: unknown): Content {
  const media = Object.entries(content).map(([type, one]) => [
    type,
    exampled(one, example instanceof ExamplesByType ? example.examples[type] : example),
  ]);
  return Object.fromEntries(media) as Content;
}

function exampled(media: Media, example: unknown): Media {
  return example === undefined || 'example' in media || 'examples' in media ? media : { ...media, example };
}
