import type { AnySetting, ValuesOf } from './definitions/setting.js';
import { judge, type Given, type Judged } from './given.js';
import type { SettingsProblem } from './problems.js';

/** A table of settings by their keys in code. */
export type SettingsTable = Readonly<Record<string, AnySetting>>;

/** Judges a table's values; where none is given the default counts. Every problem is listed. */
export function judgeTable<D extends SettingsTable>(
  table: D,
  given: ReadonlyMap<AnySetting, Given>,
): { readonly values: ValuesOf<D>; readonly problems: readonly SettingsProblem[] } {
  const judged = Object.entries(table).map(
    ([key, setting]) => [key, judgeOne(setting, given.get(setting))] as const,
  );
  const values = judged.flatMap(([key, each]) => (each.kind === 'ok' ? [[key, each.value]] : []));
  return {
    // Each value passed its own setting's schema, which is what ValuesOf says.
    values: Object.fromEntries(values) as ValuesOf<D>,
    problems: judged.flatMap(([, each]) => (each.kind === 'problem' ? [each.problem] : [])),
  };
}

function judgeOne(setting: AnySetting, given: Given | undefined): Judged<unknown> {
  if (given) return judge(given);
  if (setting.default === undefined) return { kind: 'ok', value: undefined };
  return judge({ setting, value: setting.default, as: setting.env, where: 'default' });
}
