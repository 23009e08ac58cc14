import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lookup } from 'node:dns/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defineEnricher,
  defineNotifier,
  definePlugin,
  EnricherDataError,
  manifestOptions,
  NotifyError,
  type EnrichedFields,
  type NotifierContext,
  type Plugin,
} from '#plugin-kit';
import { makeManifest, NOTIFICATIONS } from '#plugin-kit/testing';
import { pluginChecks } from './plugin-checks.js';

const CONFIG = (name: string) => ({
  type: 'object',
  properties: { [name]: { type: 'string', description: 'One.' } },
  required: [name],
  additionalProperties: false,
});
const SITES = makeManifest({ name: 'enricher-sites', kind: 'enricher', config: CONFIG('file') });
const PAGER = makeManifest({ name: 'notifier-pager', kind: 'notifier', config: CONFIG('url') });

const enricher = definePlugin({
  kind: 'enricher',
  manifest: SITES,
  enricher: defineEnricher(manifestOptions<{ readonly file: string }>(SITES), ({ options, readFile }) => {
    let known = new Map<string, EnrichedFields>();
    return {
      open: async () => {
        const text = Buffer.from(await readFile(options.file, 1_000)).toString();
        if (!text.includes('='))
          throw new EnricherDataError([{ option: 'file', what: 'No pairs.', mend: 'Write some.' }]);
        known = new Map(
          text.split('\n').map((line) => [line.split('=')[0] ?? '', { site: line.split('=')[1] ?? '' }]),
        );
        return { title: 'sites', entries: known.size };
      },
      enrich: (values) => values.map((value) => (value === '' ? undefined : known.get(value))),
      close: () => {},
    };
  }),
});

async function post(
  { options, mayReach }: NotifierContext<{ readonly url: string }>,
  text: string,
  signal: AbortSignal,
) {
  const { hostname, port } = new URL(options.url);
  const { address } = await lookup(hostname, 4);
  if (!mayReach(address)) throw new NotifyError('It may not be reached.', { retryable: false });
  const status = await new Promise<number>((resolve, reject) => {
    const fail = (): void => reject(new NotifyError('It is not there.', { retryable: true }));
    const made = request({ host: address, port, method: 'POST', signal, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    made.on('error', fail).end(text);
  });
  if (status !== 204) throw new NotifyError(`It answered ${status}.`, { retryable: status >= 500 });
}

const notifier = definePlugin({
  kind: 'notifier',
  manifest: PAGER,
  notifier: defineNotifier(manifestOptions<{ readonly url: string }>(PAGER), (context) => ({
    notify: ({ title }, signal) => post(context, title, signal),
    close: async () => {},
  })),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-checks-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, name, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return join(folder, name);
}

/** Names of the checks that a plugin doesn't hold, with the beginning of why. */
async function failures(path: string, plugin: Plugin): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of pluginChecks(path, plugin)) {
    try {
      await run();
    } catch (error) {
      failed.push(`${name}: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return failed;
}

const ENRICHER_FILES = {
  'manifest.json': JSON.stringify(SITES),
  'README.md': '# Sites\n\nTakes `file`.\n',
  'samples/options.json': '{"file":"sites"}',
  'samples/files/sites': 'a=north\nb=south',
  'samples/broken/sites': 'nothing',
  'samples/values.txt': 'a\nb\nx\n',
  'samples/values.expected.ndjson': '{"site":"north"}\n{"site":"south"}\nnull\n',
};

const NOTIFIER_FILES = {
  'manifest.json': JSON.stringify(PAGER),
  'README.md': '# Pager\n\nTakes `url`.\n',
  'samples/options.json': '{"url":"{receiver}/x"}',
  'samples/all.ndjson': NOTIFICATIONS.map((one) => `${JSON.stringify(one)}\n`).join(''),
  'samples/all.expected.ndjson': NOTIFICATIONS.map(({ title }) => `${JSON.stringify(title)}\n`).join(''),
};

describe('the checks of an enricher', () => {
  it('are passed by a sound one', async () => {
    expect(await failures(await write('enricher-sites', ENRICHER_FILES), enricher)).toEqual([]);
  });

  it('find what is expected of no value, broken data that is taken, and an option that nobody explains', async () => {
    const path = await write('enricher-sites', {
      ...ENRICHER_FILES,
      'README.md': '# Sites\n\nTakes a file.\n',
      'samples/broken/sites': 'x=y',
      'samples/values.expected.ndjson': '{"site":"north"}\n{"site":"east"}\nnull\n',
    });
    const failed = (await failures(path, enricher)).join('\n');
    for (const found of [
      'names every option',
      'says of the values of samples/',
      'refuses data that is broken',
    ])
      expect(failed).toContain(found);
  });

  it('say where there are too few samples', async () => {
    const path = await write('enricher-sites', {
      ...ENRICHER_FILES,
      'samples/values.txt': 'a\n',
      'samples/values.expected.ndjson': '{"site":"north"}\n',
    });
    expect((await failures(path, enricher)).join('\n')).toContain('There are too few samples');
  });
});

describe('the checks of a notifier', () => {
  it('are passed by a sound one', async () => {
    expect(await failures(await write('notifier-pager', NOTIFIER_FILES), notifier)).toEqual([]);
  }, 20_000);

  it('find another body than is expected', async () => {
    const path = await write('notifier-pager', {
      ...NOTIFIER_FILES,
      'samples/all.expected.ndjson': '"another"\n',
    });
    const failed = await failures(path, notifier);
    expect(failed).toHaveLength(1);
    expect(failed[0]).toContain('sends each notification of samples/');
  }, 20_000);
});
