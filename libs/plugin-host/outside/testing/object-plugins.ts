import { makeManifest } from '#plugin-kit/testing';

export { inputFiles } from '../inputs/testing/input-plugin.js';

type Files = Readonly<Record<string, string>>;

/** What an outside enricher does with the values, which are in `values`, and what its file says, in `known`. */
const ENRICHER_BEHAVIOURS = {
  sound: `return values.map((value) => known.get(value));`,
  throws: `if (values.includes('harm')) throw new Error('oh, that value'); return values.map((value) => known.get(value));`,
  loops: `if (values.includes('harm')) for (;;); return values.map((value) => known.get(value));`,
  leaks: `if (values.includes('harm')) { const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length)); } return values.map((value) => known.get(value));`,
  allocates: `if (values.includes('harm')) globalThis.big = [new Array(2 ** 27).fill(0.5), new Array(2 ** 27).fill({})]; return values.map((value) => known.get(value));`,
  buffers: `if (values.includes('harm')) globalThis.big = Array.from({ length: 16 }, () => Buffer.alloc(2 ** 27, 1)); return values.map((value) => known.get(value));`,
  exits: `if (values.includes('harm')) process.exit(3); return values.map((value) => known.get(value));`,
  answersTooMuch: `return values.map(() => ({ text: 'x'.repeat(5e6) }));`,
  /** Answers each call twice, as code does that writes to the channel itself. */
  answersTwice: `const said = Buffer.from(JSON.stringify({ done: [{ site: 'stray' }] })); const head = Buffer.alloc(8); head.writeUInt32LE(said.length + 4); head.writeUInt32LE(said.length, 4); writeSync(3, Buffer.concat([head, said])); return values.map((value) => known.get(value));`,
  /** Answers what is no message. */
  babbles: `writeSync(3, Buffer.from([9, 0, 0, 0, 5, 0, 0, 0, 110, 111, 112, 101, 33])); return values.map((value) => known.get(value));`,
  answersNothing: `return 5 as never;`,
} as const;

export type EnricherBehaviour = keyof typeof ENRICHER_BEHAVIOURS;

/** Files of an enricher of a file with lines `value=site`; `open` is done before the file is read. */
export function enricherFiles(name: string, behaviour: EnricherBehaviour, open = ''): Files {
  const manifest = makeManifest({
    name: `enricher-${name}`,
    kind: 'enricher',
    config: {
      type: 'object',
      properties: { file: { type: 'string', description: 'Lines of value=site.' } },
      required: ['file'],
      additionalProperties: false,
    },
  });
  return {
    'manifest.json': JSON.stringify(manifest),
    'index.ts': `import { writeSync } from 'node:fs';
import { defineEnricher, definePlugin, EnricherDataError, manifestOptions, type EnrichedFields } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };

const options = manifestOptions<{ readonly file: string }>(manifest);

export default definePlugin({
  kind: 'enricher',
  manifest,
  enricher: defineEnricher(options, (context) => {
    let known = new Map<string, EnrichedFields>();
    return {
      async open() {
        ${open}
        const text = Buffer.from(await context.readFile(context.options.file, 1e12)).toString();
        if (!text.includes('='))
          throw new EnricherDataError([{ option: 'file', what: 'It has no pairs.', mend: 'Write some.' }]);
        known = new Map(text.trim().split('\\n').map((line) => [line.split('=')[0] ?? '', { site: line.split('=')[1] ?? '' }]));
        return { title: 'sites', entries: known.size };
      },
      enrich(values) {
        void writeSync;
        ${ENRICHER_BEHAVIOURS[behaviour]}
      },
      close() {},
    };
  }),
});
`,
  };
}

/** What an outside notifier does when it is told. */
const NOTIFIER_BEHAVIOURS = {
  sound: `await post();`,
  throws: `throw new Error('with a secret in it');`,
  loops: `for (;;);`,
  buffers: `globalThis.big = Array.from({ length: 16 }, () => Buffer.alloc(2 ** 27, 1));`,
  hangs: `setInterval(() => {}, 1_000); await new Promise(() => {});`,
  waits: `setInterval(() => {}, 1_000); await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));`,
  dies: `await new Promise(() => {});`,
  refuses: `throw new NotifyError('They do not want it.', { retryable: false, mend: 'Ask them.' });`,
} as const;

export type NotifierBehaviour = keyof typeof NOTIFIER_BEHAVIOURS;

/** Files of a notifier that posts to a port of this host, with a secret as its path. */
export function notifierFiles(name: string, behaviour: NotifierBehaviour): Files {
  const manifest = makeManifest({
    name: `notifier-${name}`,
    kind: 'notifier',
    config: {
      type: 'object',
      properties: { port: { type: 'integer', description: 'A port.' }, path_file: { type: 'string' } },
      required: ['port'],
      additionalProperties: false,
    },
  });
  return {
    'manifest.json': JSON.stringify(manifest),
    'index.ts': `import { request } from 'node:http';
import { defineNotifier, definePlugin, manifestOptions, NotifyError } from '@alluvium/plugin-kit';
import manifest from './manifest.json' with { type: 'json' };

const options = manifestOptions<{ readonly port: number; readonly path_file?: string }>(manifest);

export default definePlugin({
  kind: 'notifier',
  manifest,
  notifier: defineNotifier(options, (context) => ({
    async notify(notification, signal) {
      const post = async (): Promise<void> => {
        const { port, path_file } = context.options;
        const path = path_file === undefined ? '/' : await context.readSecret(path_file);
        if (!context.mayReach('127.0.0.1')) throw new NotifyError('It may not be reached.', { retryable: false });
        await new Promise<void>((resolve, reject) => {
          const made = request({ host: '127.0.0.1', port, path, method: 'POST', signal, agent: false }, (answer) => {
            answer.resume();
            if (answer.statusCode === 204) resolve();
            else reject(new NotifyError('It answered ' + answer.statusCode + '.', { retryable: true }));
          });
          made.on('error', () => reject(new NotifyError('It is not there.', { retryable: true })));
          made.end(JSON.stringify(notification));
        });
      };
      void post;
      ${NOTIFIER_BEHAVIOURS[behaviour]}
    },
    async close() {},
  })),
});
`,
  };
}
