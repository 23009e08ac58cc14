import { makeManifest } from '#plugin-kit/testing';

type Files = Readonly<Record<string, string>>;

/** What an outside plugin does when it is to make a parser of a prefix. */
const CONFIGURES = {
  sound: `return made(options.prefix);`,
  second: `return made('second ' + options.prefix);`,
  picky: `if (options.prefix !== 'only') throw new OptionMistakesError([{ path: ['prefix'], message: 'is not only', mend: 'Write only.' }]);
    return made(options.prefix);`,
  throws: `throw new Error('oh, these options');`,
  loops: `for (;;);`,
} as const;

export type Configure = keyof typeof CONFIGURES;

/** Files of a parser that sets a prefix before each line, and does harm where a line is told to. */
export function templateFiles(name: string, configure: Configure, more = ''): Files {
  const manifest = makeManifest({
    name: `parser-${name}`,
    kind: 'parser',
    config: {
      type: 'object',
      properties: {
        prefix: { type: 'string', minLength: 1, description: 'Set before each line.' },
        mark: { type: 'string', default: ':', description: 'Set behind the prefix.' },
      },
      required: ['prefix'],
      additionalProperties: false,
    },
  });
  return {
    'manifest.json': JSON.stringify(manifest),
    'index.ts': `import { configureParser, definePlugin, manifestOptions, OptionMistakesError, type Parser } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };

interface Options { readonly prefix: string; readonly mark: string; }
const text = (line: Uint8Array): string => Buffer.from(line).toString();
const EXAMPLE = { prefix: 'only' };
let mark = ':';
const made = (prefix: string): Parser => ({
  parse: (lines) =>
    lines.map((line) => {
      if (text(line) === 'exit') process.exit(3);
      return { kind: 'event', event: { message: prefix + mark + text(line) } };
    }),
  sniff: (line) => (text(line).startsWith(prefix) ? 0.8 : 0),
});
void OptionMistakesError;
const template = {
  options: manifestOptions<Options>(manifest),
  configure(options: Options): Parser {
    if (options.prefix === 'only' && options.mark === ':') return made('only');
    mark = options.mark;
    ${CONFIGURES[configure]}
  },
  example: EXAMPLE,
};

export default definePlugin({ kind: 'parser', manifest, parser: configureParser(template, EXAMPLE), template, ${more} });
`,
  };
}
