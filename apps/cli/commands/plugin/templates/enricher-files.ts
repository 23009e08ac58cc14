import type { NewFiles } from './shared-files.js';

/** What the options of the enricher are. */
export const ENRICHER_CONFIG = {
  type: 'object',
  properties: {
    file: { type: 'string', minLength: 1, description: 'File with a line key=value for each key.' },
  },
  required: ['file'],
  additionalProperties: false,
} as const;

/** An enricher that knows what a file of `key=value` says, to be changed into one's own. */
export function enricherFiles(name: string): NewFiles {
  return {
    'README.md': readme(name),
    'index.ts': INDEX,
    'list-enricher.ts': LIST_ENRICHER,
    'samples/options.json': '{ "file": "list.txt" }\n',
    'samples/files/list.txt': 'fridge-3=kitchen\nfridge-4=cellar\n',
    'samples/broken/list.txt': 'fridge-3=kitchen\nno equals sign\n',
    'samples/values.txt': 'fridge-3\nfridge-4\nfridge-5\n',
    'samples/values.expected.ndjson': '{"place":"kitchen"}\n{"place":"cellar"}\nnull\n',
  };
}

const readme = (name: string): string => `# enricher-${name}

Adds \`place\`: what a file says of the value, which has a line \`key=value\` for each key.

| option | means                |
| ------ | -------------------- |
| \`file\` | the name of the file |

\`samples/\` has options and files, values, and what is known of each.
`;

const INDEX = `import { defineEnricher, definePlugin, manifestOptions } from '@alluvium/plugin-kit';
import { ListEnricher, type Options } from './list-enricher.ts';
import manifest from './manifest.json' with { type: 'json' };

export default definePlugin({
  kind: 'enricher',
  manifest,
  enricher: defineEnricher(manifestOptions<Options>(manifest), (context) => new ListEnricher(context)),
});
`;

const LIST_ENRICHER = `import {
  EnricherDataError,
  type EnrichedFields,
  type Enricher,
  type EnricherContext,
  type EnricherData,
} from '@alluvium/plugin-kit';

/** As config in manifest.json describes them. */
export interface Options {
  readonly file: string;
}

/** Bytes that the file may have. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Knows what its file said when it was opened. */
export class ListEnricher implements Enricher {
  readonly #places = new Map<string, string>();
  readonly #context: EnricherContext<Options>;

  constructor(context: EnricherContext<Options>) {
    this.#context = context;
  }

  async open(): Promise<EnricherData> {
    const { file } = this.#context.options;
    const text = new TextDecoder().decode(await this.#context.readFile(file, MOST_BYTES));
    const lines = text.split('\\n').filter((line) => line !== '');
    for (const [at, line] of lines.entries()) {
      const equals = line.indexOf('=');
      if (equals < 1)
        throw new EnricherDataError([
          { option: 'file', what: \`Line \${at + 1} of \${file} is not key=value.\`, mend: 'Mend the line.' },
        ]);
      this.#places.set(line.slice(0, equals), line.slice(equals + 1));
    }
    return { title: 'places', entries: this.#places.size };
  }

  enrich(values: readonly string[]): readonly (EnrichedFields | undefined)[] {
    return values.map((value) => {
      const place = this.#places.get(value);
      return place === undefined ? undefined : { place };
    });
  }

  close(): void {
    this.#places.clear();
  }
}
`;
