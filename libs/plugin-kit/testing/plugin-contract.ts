import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, parse } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  configureParser,
  enricherProblems,
  eventTypeProblems,
  inputProblems,
  isPlugin,
  manifestProblems,
  notifierProblems,
  parserProblems,
  type EnricherPlugin,
  type EventTypePlugin,
  type InputPlugin,
  type NotifierPlugin,
  type ParserPlugin,
  type Plugin,
  type PluginManifest,
} from '#plugin-kit';
import { effectsOf } from './import-effects.js';
import { lineSampleProblems, sampleLines } from './parser/line-samples.js';
import { describeParserContract } from './parser/parser.contract.js';
import { sampleProblems } from './sample-problems.js';

/**
 * Describes what every plugin must hold, whatever its kind: call it in a spec of the plugin with its folder.
 *
 * @param folder path of the plugin's source folder
 */
export function describePluginContract(folder: string): void {
  describe(`plugin ${basename(folder)}`, () => {
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    const manifest: unknown = JSON.parse(read('manifest.json'));

    it('has a manifest that the host takes', () => {
      expect(manifestProblems(basename(folder), manifest)).toEqual([]);
    });

    it('has the samples that its manifest names', () => {
      const { samples = [] } = manifest as PluginManifest;
      const files = samples.length > 0 ? readdirSync(join(folder, 'samples')) : [];
      const isThere = (name: string): boolean => files.some((file) => parse(file).name === name);
      expect(samples.filter((name) => !isThere(name))).toEqual([]);
    });

    it('says in its README what it is for', () => {
      expect(read('README.md')).toMatch(/^# \S.*\n\n\S/);
    });

    it('has no effect when it is imported', async () => {
      expect(await effectsOf(async () => importEntry(folder, '?effects'))).toEqual([]);
    });

    it('exports by default what definePlugin made of that manifest', async () => {
      const plugin = await importPlugin(folder);
      expect(isPlugin(plugin)).toBe(true);
      expect(plugin).toMatchObject({ manifest, kind: plugin.manifest.kind });
    });

    if (basename(folder).startsWith('event-type-')) describeEventType(folder, read);
    if (basename(folder).startsWith('parser-')) describeParser(folder, read);
    if (basename(folder).startsWith('input-')) describeInput(folder, read);
    if (basename(folder).startsWith('enricher-')) describeEnricher(folder, read);
    if (basename(folder).startsWith('notifier-')) describeNotifier(folder, read);
  });
}

function describeEventType(folder: string, read: (file: string) => string): void {
  let plugin: EventTypePlugin;
  beforeAll(async () => {
    plugin = (await importPlugin(folder)) as EventTypePlugin;
  });

  it('declares a type, and an example of it, that the host takes', () => {
    expect(eventTypeProblems(plugin.manifest.name, plugin.eventType)).toEqual([]);
  });

  it('names every field of its own in the README', () => {
    const readme = read('README.md');
    const missing = plugin.eventType.fields.filter(({ name }) => !readme.includes(`\`${name}\``));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it.each(sampleNames(folder, '.ndjson'))('finds the events of samples/%s as expected', (name) => {
    const sample = read(`samples/${name}.ndjson`);
    const expected = read(`samples/${name}.expected.ndjson`);
    expect(sampleProblems(plugin.eventType, sample, expected)).toEqual([]);
  });
}

function describeParser(folder: string, read: (file: string) => string): void {
  const names = sampleNames(folder, '.txt');
  const load = async (): Promise<ParserPlugin> => (await importPlugin(folder)) as ParserPlugin;

  it('has the methods of a parser', async () => {
    const { manifest, parser } = await load();
    expect(parserProblems(manifest, parser)).toEqual([]);
  });

  it.each(names)('makes of the lines of samples/%s what is expected', async (name) => {
    const { parser } = await load();
    const expected = read(`samples/${name}.expected.ndjson`);
    expect(lineSampleProblems(parser, read(`samples/${name}.txt`), expected)).toEqual([]);
  });

  it('has a template, where there is one, that takes its example and says what each option means', async () => {
    const { template } = await load();
    if (template === undefined) return;
    const schema = z.toJSONSchema(template.options, { io: 'input' });
    const options = Object.entries(schema.properties ?? {});
    const silent = options.filter(([, option]) => !JSON.stringify(option).includes('"description"'));
    const readme = read('README.md');
    const unnamed = options.filter(([name]) => !readme.includes(`\`${name}\``));
    expect([silent, unnamed].map((list) => list.map(([name]) => name))).toEqual([[], []]);
    expect(configureParser(template, template.example)).toMatchObject({ parse: expect.any(Function) });
    expect(() => configureParser(template, { no_such_option: 1 })).toThrow();
  });

  describeParserContract(basename(folder), async () => {
    const samples = names.flatMap((name) => sampleLines(read(`samples/${name}.txt`)));
    return { parser: (await load()).parser, samples };
  });
}

/** What an input is without a network; `describeInputContract` has the rest. */
function describeInput(folder: string, read: (file: string) => string): void {
  const load = async (): Promise<InputPlugin> => (await importPlugin(folder)) as InputPlugin;

  it('has options and what makes an input of them', async () => {
    expect(inputProblems((await load()).input)).toEqual([]);
  });

  describeOptions(read, async () => (await load()).input.options);
}

/** What an enricher is without data; `describeEnricherContract` has the rest. */
function describeEnricher(folder: string, read: (file: string) => string): void {
  const load = async (): Promise<EnricherPlugin> => (await importPlugin(folder)) as EnricherPlugin;

  it('has options and what makes an enricher of them', async () => {
    expect(enricherProblems((await load()).enricher)).toEqual([]);
  });

  describeOptions(read, async () => (await load()).enricher.options);
}

/** What a notifier is without anybody to tell; `describeNotifierContract` has the rest. */
function describeNotifier(folder: string, read: (file: string) => string): void {
  const load = async (): Promise<NotifierPlugin> => (await importPlugin(folder)) as NotifierPlugin;

  it('has options and what makes a notifier of them', async () => {
    expect(notifierProblems((await load()).notifier)).toEqual([]);
  });

  describeOptions(read, async () => (await load()).notifier.options);
}

function describeOptions(read: (file: string) => string, load: () => Promise<z.ZodType>): void {
  it('says of each option what it means, and names it in the README', async () => {
    const schema = z.toJSONSchema(await load(), { io: 'input' });
    const options = Object.entries(schema.properties ?? {});
    const silent = options.filter(([, option]) => !JSON.stringify(option).includes('"description"'));
    const unnamed = options.filter(([name]) => !read('README.md').includes(`\`${name}\``));
    expect([silent, unnamed].map((list) => list.map(([name]) => name))).toEqual([[], []]);
    expect(options.length).toBeGreaterThan(0);
  });
}

/** Names of the samples, without their ending. Read when the tests are collected: a type without one is refused. */
function sampleNames(folder: string, ending: string): readonly string[] {
  const names = readdirSync(join(folder, 'samples'))
    .filter((file) => file.endsWith(ending) && !file.endsWith('.expected.ndjson'))
    .map((file) => file.slice(0, -ending.length));
  if (names.length === 0)
    throw new Error(`${folder}/samples has no ${ending} file: add one with an event or more`);
  return names;
}

async function importPlugin(folder: string): Promise<Plugin> {
  const module = (await importEntry(folder, '')) as { readonly default: Plugin };
  return module.default;
}

/** @param query another one makes the entry file be evaluated again */
async function importEntry(folder: string, query: string): Promise<unknown> {
  return import(/* @vite-ignore */ `${pathToFileURL(join(folder, 'index.ts')).href}${query}`);
}
