import type { NewFiles } from './shared-files.js';

/** What the options of the notifier are. */
export const NOTIFIER_CONFIG = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://[^/?#@\\s]+([/?#]\\S*)?$',
      description: 'Where to, http or https. It is shown.',
    },
    token_file: {
      type: 'string',
      minLength: 1,
      description: 'Name of a file, in the folder of secrets, that holds a token.',
    },
  },
  required: ['url'],
  additionalProperties: false,
} as const;

/** A notifier that posts a text to a chat room, to be changed into one's own. */
export function notifierFiles(name: string): NewFiles {
  return {
    'README.md': readme(name),
    'index.ts': INDEX,
    'chat-notifier.ts': CHAT_NOTIFIER,
    'samples/options.json': '{ "url": "{receiver}/room" }\n',
    'samples/alarms.ndjson': ALARMS,
    'samples/alarms.expected.ndjson': EXPECTED,
  };
}

const readme = (name: string): string => `# notifier-${name}

Posts each notification as \`{"text": "..."}\`, which chat rooms take at their incoming webhooks.

| option       | means                                                                      |
| ------------ | -------------------------------------------------------------------------- |
| \`url\`        | where to, http or https; it is shown                                       |
| \`token_file\` | name of a file, in the folder of secrets, with a token; it is sent as \`Bearer\` |

\`samples/\` has options, with \`{receiver}\` for the address of a server that the checks start, notifications, and the body that each
is sent as.
`;

const INDEX = `import { defineNotifier, definePlugin, manifestOptions } from '@alluvium/plugin-kit';
import { ChatNotifier, type Options } from './chat-notifier.ts';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'notifier',
  manifest,
  notifier: defineNotifier(manifestOptions<Options>(manifest), (context) => new ChatNotifier(context)),
});
`;

const CHAT_NOTIFIER = `import {
  NotifyError,
  postNotification,
  type Notification,
  type Notifier,
  type NotifierContext,
} from '@alluvium/plugin-kit';

/** As config in manifest.json describes them. */
export interface Options {
  readonly url: string;
  readonly token_file?: string;
}

/** Posts to a chat room. The kit asks the server which addresses may be reached, and tells what may pass from what may not. */
export class ChatNotifier implements Notifier {
  readonly #context: NotifierContext<Options>;

  constructor(context: NotifierContext<Options>) {
    this.#context = context;
  }

  async notify(notification: Notification, signal: AbortSignal): Promise<void> {
    const { url, token_file: file } = this.#context.options;
    if (!URL.canParse(url))
      throw new NotifyError('The option url is no address.', { retryable: false, mend: 'Correct it.' });
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (file !== undefined) headers['authorization'] = \`Bearer \${await this.#context.readSecret(file)}\`;
    const body = JSON.stringify({ text: textOf(notification) });
    await postNotification(this.#context, { url: new URL(url), headers, body }, signal);
  }

  async close(): Promise<void> {
    // Each connection ends with its request.
  }
}

/** What people read. */
function textOf({ status, severity, title, text }: Notification): string {
  const head = status === 'raised' ? severity : status;
  return \`\${head}: \${title}\\n\${text}\`;
}
`;

const ALARMS = `{"id":"5f0e6a52-8f0b-4e0c-9d53-0a8b8a3a4f6e","time":"2026-11-21T12:00:00.000Z","status":"raised","kind":"input_failed","key":"input_failed/office","severity":"warning","title":"The input office does not listen","text":"The port 5514 is in use.","facts":{"input":"office"}}
{"id":"0c2b6d5e-4a52-4c0e-8a5e-6c1f1f1f5a11","time":"2026-11-21T12:05:00.000Z","status":"cleared","kind":"input_failed","key":"input_failed/office","severity":"warning","title":"The input office does not listen","text":"The port 5514 is in use.","facts":{"input":"office"}}
`;

const EXPECTED = `{"text":"warning: The input office does not listen\\nThe port 5514 is in use."}
{"text":"cleared: The input office does not listen\\nThe port 5514 is in use."}
`;
