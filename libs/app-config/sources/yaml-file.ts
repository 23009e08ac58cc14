import { parse } from 'yaml';
import { bootSettings } from '../definitions/boot-settings.js';
import { allSettings } from '../definitions/all-settings.js';
import type { AnySetting } from '../definitions/setting.js';
import { didYouMean } from '../did-you-mean.js';
import { shown, type Given, type SourceReading } from '../given.js';
import type { SettingsProblem } from '../problems.js';
import { fileProblem } from './file-problem.js';
import type { SettingsInput } from './settings-input.js';

const NOTHING: SourceReading = { given: [], problems: [] };
const inFile = allSettings.filter((setting) => !setting.environmentOnly);
const byPath: ReadonlyMap<string, AnySetting> = new Map(inFile.map((setting) => [setting.path, setting]));

/** Reads the YAML file that `ALLUVIUM_CONFIG` names; nothing where it names none. */
export function readYamlFile({ env, readText }: SettingsInput): SourceReading {
  const { env: name } = bootSettings.config;
  const path = env[name];
  if (!path) return NOTHING;
  try {
    return readTree(readText(path), path);
  } catch (error) {
    return { given: [], problems: [fileProblem(name, path, error)] };
  }
}

function readTree(text: string, file: string): SourceReading {
  let tree: unknown;
  try {
    tree = parse(text) ?? {};
  } catch (error) {
    return { given: [], problems: [notYaml(file, error)] };
  }
  if (!isMap(tree)) return { given: [], problems: [notYaml(file, `it is ${shown(tree)}`)] };
  const leaves = leavesOf(tree, '');
  return {
    given: leaves.flatMap(([path, value]) => givenBy(path, value, file)),
    problems: leaves.filter(([path]) => !byPath.has(path)).map(([path]) => unknownKey(path, file)),
  };
}

function givenBy(path: string, value: unknown, where: string): readonly Given[] {
  const setting = byPath.get(path);
  return setting && value !== null && value !== '' ? [{ setting, value, as: path, where }] : [];
}

/** Paths and values; a map below a setting's own path is that setting's (wrong) value. */
function leavesOf(tree: Readonly<Record<string, unknown>>, prefix: string): [string, unknown][] {
  return Object.entries(tree).flatMap(([key, value]): [string, unknown][] => {
    const path = `${prefix}${key}`;
    return isMap(value) && !byPath.has(path) ? leavesOf(value, `${path}.`) : [[path, value]];
  });
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownKey(path: string, where: string): SettingsProblem {
  return {
    setting: path,
    where,
    given: 'a key that no setting has',
    expected: 'a path from docs/reference/settings.md',
    mend: didYouMean(path, [...byPath.keys()]) || 'Remove it.',
  };
}

function notYaml(file: string, reason: unknown): SettingsProblem {
  return {
    setting: bootSettings.config.env,
    where: file,
    given: reason instanceof Error ? `text that is no YAML: ${firstLine(reason.message)}` : String(reason),
    expected: 'a YAML map of settings',
    mend: 'Correct the file at that place.',
  };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
