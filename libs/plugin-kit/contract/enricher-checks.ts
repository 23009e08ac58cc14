import { deepStrictEqual, ok } from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnricherPlugin } from '../define-plugin.js';
import { enricherProblems } from '../kinds/enricher.js';
import { withEnricher, type EnricherFiles, type EnricherHarness } from '../testing/enricher/contract-case.js';
import { ENRICHER_CASES } from '../testing/enricher/enricher.cases.js';
import { optionCheck } from './option-check.js';
import type { PluginCheck } from './plugin-check.js';
import { readSample, samplePairs } from './sample-lines.js';

/**
 * What an enricher must hold. `samples/options.json` has its options, `samples/files/` the files that they name, and
 * `samples/broken/` files of the same names that it must refuse; `samples/<name>.txt` has values, one a line, and
 * `samples/<name>.expected.ndjson` the fields of each, `null` where it knows nothing.
 */
export function enricherChecks(
  folder: string,
  { manifest, enricher }: EnricherPlugin,
): readonly PluginCheck[] {
  let made: EnricherHarness | undefined;
  const harness = (): EnricherHarness => (made ??= sampledHarness(folder, enricher));
  return [
    { name: 'has the methods of an enricher', run: () => deepStrictEqual(enricherProblems(enricher), []) },
    optionCheck(folder, manifest),
    {
      name: 'says of the values of samples/ what is expected',
      run: async () => {
        const pairs = pairsOf(folder);
        await withEnricher(harness(), (opened) => {
          const found: unknown = opened.enrich(pairs.map(({ value }) => value));
          const shown = (found as readonly unknown[]).map((fields, at) => [pairs[at]?.value, fields ?? null]);
          deepStrictEqual(
            shown,
            pairs.map(({ value, fields }) => [value, fields]),
          );
        });
      },
    },
    ...ENRICHER_CASES.map((testCase) => ({
      name: `${testCase.promise}: ${testCase.name}`,
      run: () => testCase.run(harness()),
    })),
  ];
}

interface SampledValue {
  readonly value: string;
  /** What is expected; `null` where nothing is known of it. */
  readonly fields: unknown;
}

function sampledHarness(folder: string, enricher: EnricherPlugin['enricher']): EnricherHarness {
  const pairs = pairsOf(folder);
  const valuesOf = (isKnown: boolean): readonly string[] =>
    pairs.filter(({ fields }) => (fields !== null) === isKnown).map(({ value }) => value);
  const [known, unknown] = [valuesOf(true), valuesOf(false)];
  ok(
    known.length > 1 && unknown.length > 0,
    'There are too few samples: add samples/<name>.txt with two values that it knows and one that it does not.',
  );
  const broken = filesIn(join(folder, 'samples/broken'));
  return {
    ...{ enricher, known, unknown, files: filesIn(join(folder, 'samples/files')) },
    options: JSON.parse(readSample(folder, 'options.json')) as EnricherHarness['options'],
    broken: Object.keys(broken).length > 0 ? [broken] : [],
  };
}

function pairsOf(folder: string): readonly SampledValue[] {
  return samplePairs(folder).map(({ line, expected }) => ({
    value: line,
    fields: JSON.parse(expected) as unknown,
  }));
}

function filesIn(folder: string): EnricherFiles {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
}
