import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EventTypePlugin, ParserPlugin, Plugin } from '../define-plugin.js';
import { eventTypeProblems } from '../event-type-problems.js';
import { parserProblems } from '../kinds/parser.js';
import { manifestProblems } from '../manifest.js';
import { lineSampleProblems, sampleLines } from '../testing/parser/line-samples.js';
import { PARSER_CASES } from '../testing/parser/parser-cases.js';
import { sampleProblems } from '../testing/sample-problems.js';
import { inputChecks } from './input-checks.js';
import { enricherChecks } from './enricher-checks.js';
import { notifierChecks } from './notifier-checks.js';
import type { PluginCheck } from './plugin-check.js';
import { readSample, sampleNames } from './sample-lines.js';
import { templateChecks } from './template-checks.js';
import { unitTierChecks } from './unit-tier-checks.js';

/**
 * All that a plugin must hold, whatever runs it: manifest, README, samples, and the contract of its kind.
 *
 * @param folder path of the plugin's folder, as its author has it
 * @param plugin what its entry exports by default
 */
export function pluginChecks(folder: string, plugin: Plugin): readonly PluginCheck[] {
  const shared: PluginCheck[] = [
    {
      name: 'has a manifest that the host takes',
      run: () =>
        deepStrictEqual(manifestProblems(basename(folder), JSON.parse(read(folder, 'manifest.json'))), []),
    },
    {
      name: 'says in its README what it is for',
      run: () => match(read(folder, 'README.md'), /^# \S.*\n\n\S/),
    },
  ];
  if (plugin.kind === 'parser') return [...shared, ...parserChecks(folder, plugin)];
  if (plugin.kind === 'input') return [...shared, ...inputChecks(folder, plugin)];
  if (plugin.kind === 'enricher') return [...shared, ...enricherChecks(folder, plugin)];
  if (plugin.kind === 'notifier') return [...shared, ...notifierChecks(folder, plugin)];
  if (plugin.kind === 'tier' && 'units' in plugin) return [...shared, ...unitTierChecks(folder, plugin)];
  return plugin.kind === 'event-type' ? [...shared, ...eventTypeChecks(folder, plugin)] : shared;
}

function parserChecks(folder: string, plugin: ParserPlugin): readonly PluginCheck[] {
  const { manifest, parser } = plugin;
  const names = namesOf(folder, '.txt');
  const samples = names.flatMap((name) => sampleLines(readSample(folder, `${name}.txt`)));
  return [
    hasSamples(names, 'samples/<name>.txt with a line or more of its format'),
    {
      name: 'has the methods of a parser',
      run: () => deepStrictEqual(parserProblems(manifest, parser), []),
    },
    ...templateChecks(folder, plugin),
    ...names.map((name) => ({
      name: `makes of the lines of samples/${name}.txt what is expected`,
      run: () => {
        const expected = readSample(folder, `${name}.expected.ndjson`);
        noProblems(lineSampleProblems(parser, readSample(folder, `${name}.txt`), expected));
      },
    })),
    ...PARSER_CASES.map((testCase) => ({
      name: `${testCase.promise}: ${testCase.name}`,
      run: () => testCase.run({ parser, samples }),
    })),
  ];
}

function eventTypeChecks(folder: string, { manifest, eventType }: EventTypePlugin): readonly PluginCheck[] {
  const names = namesOf(folder, '.ndjson');
  return [
    hasSamples(names, 'samples/<name>.ndjson with an event or more'),
    {
      name: 'declares a type, and an example of it, that the host takes',
      run: () => deepStrictEqual(eventTypeProblems(manifest.name, eventType), []),
    },
    {
      name: 'names every field of its own in the README',
      run: () => {
        const readme = read(folder, 'README.md');
        const missing = eventType.fields.filter(({ name }) => !readme.includes(`\`${name}\``));
        deepStrictEqual(
          missing.map(({ name }) => name),
          [],
        );
      },
    },
    ...names.map((name) => ({
      name: `finds the events of samples/${name}.ndjson as expected`,
      run: () => {
        const expected = readSample(folder, `${name}.expected.ndjson`);
        noProblems(sampleProblems(eventType, readSample(folder, `${name}.ndjson`), expected));
      },
    })),
  ];
}

function namesOf(folder: string, ending: '.txt' | '.ndjson'): readonly string[] {
  try {
    return sampleNames(folder, ending);
  } catch {
    return [];
  }
}

function hasSamples(names: readonly string[], mend: string): PluginCheck {
  return { name: 'has samples', run: () => ok(names.length > 0, `There is none: add ${mend}.`) };
}

function noProblems(problems: readonly string[]): void {
  ok(problems.length === 0, problems.join('\n'));
}

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}
