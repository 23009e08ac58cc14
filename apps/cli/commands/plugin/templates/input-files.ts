import type { NewFiles } from './shared-files.js';

/** What the options of the input are. */
export const INPUT_CONFIG = {
  type: 'object',
  properties: {
    host: {
      type: 'string',
      minLength: 1,
      default: '::',
      description: 'Address to listen on; :: is all of them.',
    },
    port: { type: 'integer', minimum: 0, maximum: 65535, description: 'Port for TCP; 0 takes a free one.' },
  },
  required: ['port'],
  additionalProperties: false,
} as const;

/** An input that takes lines over TCP, to be changed into one's own. */
export function inputFiles(name: string): NewFiles {
  return {
    'README.md': readme(name),
    'index.ts': INDEX,
    'line-input.ts': LINE_INPUT,
    'samples/options.json': '{ "host": "127.0.0.1", "port": 0 }\n',
    'samples/lines.txt': SAMPLE,
    'samples/lines.expected.ndjson': EXPECTED,
  };
}

const readme = (name: string): string => `# input-${name}

Takes lines over TCP. A line that begins with \`#\` is a remark, and no message.

| option | means                                              |
| ------ | -------------------------------------------------- |
| \`host\` | the address to listen on; \`::\`, the default, is all |
| \`port\` | the port; 0 takes a free one                       |

\`samples/\` has lines as they are sent, and beside each file what is handed over for each.
`;

const INDEX = `import { defineInput, definePlugin, manifestOptions } from '@alluvium/plugin-kit';
import { LineInput, type Options } from './line-input.ts';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'input',
  manifest,
  input: defineInput(manifestOptions<Options>(manifest), (context) => new LineInput(context)),
});
`;

const LINE_INPUT = `import {
  LineFramer,
  StreamListener,
  type Input,
  type InputAddress,
  type InputContext,
} from '@alluvium/plugin-kit';

/** As config in manifest.json describes them. */
export interface Options {
  readonly host: string;
  readonly port: number;
}

const HASH = '#'.charCodeAt(0);

/** Takes lines over TCP. A connection is read on when its lines are durable, so nothing that was sent is lost here. */
export class LineInput implements Input {
  readonly #listener: StreamListener;

  constructor(context: InputContext<Options>) {
    const { host, port } = context.options;
    this.#listener = new StreamListener(context, {
      host,
      port,
      format: 'lines',
      maxConnections: 1_000,
      maxConnectionsPerAddress: 100,
      idleMs: 300_000,
      newFramer: () => new LineFramer(context.messageBytes),
      toMessage,
    });
  }

  async start(): Promise<readonly InputAddress[]> {
    return [await this.#listener.start()];
  }

  async stop(): Promise<void> {
    await this.#listener.stop();
  }
}

/** What is handed over of a line; undefined leaves it out. */
function toMessage(line: Uint8Array): Uint8Array | undefined {
  return line[0] === HASH ? undefined : line;
}
`;

const SAMPLE = `fridge-3 door open
fridge-3 door shut
fridge-4 warm
`;

const EXPECTED = `"fridge-3 door open"
"fridge-3 door shut"
"fridge-4 warm"
`;
