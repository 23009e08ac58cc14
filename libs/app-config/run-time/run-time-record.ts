import { crossCheckRunTime } from '../cross-checks.js';
import { deepFreeze } from '../deep-freeze.js';
import { bootSettings } from '../definitions/boot-settings.js';
import { runTimeSettings, type RunTimeValues } from '../definitions/run-time-settings.js';
import type { AnySetting } from '../definitions/setting.js';
import { didYouMean } from '../did-you-mean.js';
import { judge, shown } from '../given.js';
import { SettingsError, type SettingsProblem } from '../problems.js';

/** Run-time settings that somebody changed, by their names (`flush_bytes`); the others are as the start gave them. */
export type RunTimeRecord = Readonly<Record<string, unknown>>;

const byName: ReadonlyMap<string, readonly [string, AnySetting]> = new Map(
  Object.entries(runTimeSettings).map(([key, setting]) => [setting.name, [key, setting]]),
);

/** The values that a record makes of the defaults. @throws SettingsError with every problem at once. */
export function applyRecord(defaults: RunTimeValues, record: unknown, where: string): RunTimeValues {
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw new SettingsError([notARecord(record, where)]);
  const problems: SettingsProblem[] = [];
  const values: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(record)) {
    const known = byName.get(name);
    if (!known) problems.push(unknownName(name, value, where));
    else {
      const judged = judge({ setting: known[1], value, as: name, where });
      if (judged.kind === 'ok') values[known[0]] = judged.value;
      else problems.push(judged.problem);
    }
  }
  // Every value came through its own setting's schema, or from the defaults.
  const merged = values as RunTimeValues;
  problems.push(...crossCheckRunTime(merged));
  if (problems.length > 0) throw new SettingsError(problems);
  return deepFreeze(merged);
}

/** A record with a patch applied; `null` takes a setting back to what the start gave. */
export function patchRecord(record: RunTimeRecord, patch: RunTimeRecord): RunTimeRecord {
  const merged = Object.entries({ ...record, ...patch });
  return Object.fromEntries(merged.filter(([, value]) => value !== null && value !== undefined));
}

const bootNames = new Map(Object.values(bootSettings).map(({ name, env }) => [name, env]));

function unknownName(name: string, value: unknown, where: string): SettingsProblem {
  const env = bootNames.get(name);
  // What was given for it may be a secret.
  if (env !== undefined)
    return {
      setting: name,
      where,
      given: 'a value',
      expected: AT_START,
      mend: `Set ${env} and start again.`,
    };
  const mend = didYouMean(name, [...byName.keys()]) || 'Leave it out.';
  return { setting: name, where, given: shown(value), expected: 'the name of a run-time setting', mend };
}

const AT_START = 'nothing: this setting is read once at start';

function notARecord(record: unknown, where: string): SettingsProblem {
  const expected = 'an object of settings by their names';
  return { setting: 'settings', where, given: shown(record), expected, mend: 'Send an object.' };
}
