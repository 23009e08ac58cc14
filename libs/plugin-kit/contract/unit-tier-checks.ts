import { deepStrictEqual } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { UnitTierPlugin } from '../define-plugin.js';
import { unitTierProblems } from '../kinds/unit-tier.js';
import { runUnitTierCase } from '../testing/unit-tier/contract-case.js';
import { UNIT_TIER_CASES } from '../testing/unit-tier/unit-tier.cases.js';
import { optionCheck } from './option-check.js';
import type { PluginCheck } from './plugin-check.js';
import { readSample } from './sample-lines.js';

/** What a tier of units must hold, in directories of the checks' own; `samples/options.json` has options, where it needs some. */
export function unitTierChecks(folder: string, { manifest, units }: UnitTierPlugin): readonly PluginCheck[] {
  const optionsOf = (): Readonly<Record<string, unknown>> =>
    existsSync(join(folder, 'samples/options.json'))
      ? (JSON.parse(readSample(folder, 'options.json')) as Readonly<Record<string, unknown>>)
      : {};
  return [
    { name: 'has the methods of a tier', run: () => deepStrictEqual(unitTierProblems(units), []) },
    optionCheck(folder, manifest),
    ...UNIT_TIER_CASES.map((testCase) => ({
      name: `${testCase.promise}: ${testCase.name}`,
      run: () => runUnitTierCase(testCase, { units, options: optionsOf() }),
    })),
  ];
}
