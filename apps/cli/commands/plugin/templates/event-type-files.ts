import type { NewFiles } from './shared-files.js';

/** An event type with two fields, to be changed into one's own. */
export function eventTypeFiles(name: string): NewFiles {
  return {
    'README.md': readme(name),
    'index.ts': index(name),
    'fields.ts': FIELDS,
    'samples/events.ndjson': SAMPLE,
    'samples/events.expected.ndjson': EXPECTED,
  };
}

const readme = (name: string): string => `# event-type-${name}

Events of type \`${name}\`: the built-in fields, and those below.

| field    | type             | also read from | meaning             |
| -------- | ---------------- | -------------- | ------------------- |
| \`action\` | keyword          | \`event.action\` | what was done       |
| \`actor\`  | string, required | \`user\`         | who did it          |

\`samples/\` has events as they are sent, and beside each file what is found afterwards.
`;

const index = (name: string): string => `import { definePlugin } from '@alluvium/plugin-kit';
import { fields } from './fields.ts';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'event-type',
  manifest,
  eventType: {
    name: '${name}',
    title: '${name}',
    description: 'What events of this type are, in a sentence.',
    fields,
    sortBy: ['service', 'action'],
    rollUps: [{ name: 'actions_per_minute', by: ['action'] }],
    example: { timestamp: '2026-11-20T12:00:01Z', service: 'web', action: 'created', actor: 'ada' },
  },
});
`;

const FIELDS = `import type { FieldDeclaration } from '@alluvium/plugin-kit';

/** The columns of the type. What is not declared is kept all the same, as an attribute. */
export const fields: readonly FieldDeclaration[] = [
  {
    name: 'action',
    type: 'keyword',
    aliases: ['event.action'],
    description: 'What was done.',
  },
  {
    name: 'actor',
    type: 'string',
    aliases: ['user'],
    required: true,
    indexed: true,
    description: 'Who did it.',
  },
];
`;

const SAMPLE = `{"timestamp":"2026-11-20T12:00:01Z","service":"web","action":"created","actor":"ada","order":7}
{"ts":"2026-11-20T12:00:02Z","service":"web","event.action":"deleted","user":"grace"}
`;

const EXPECTED = `{"timestamp":"2026-11-20T12:00:01.000000000Z","service":"web","action":"created","actor":"ada","attributes":{"order":7}}
{"timestamp":"2026-11-20T12:00:02.000000000Z","service":"web","action":"deleted","actor":"grace","attributes":{}}
`;
