import { bootSettings } from './definitions/boot-settings.js';
import { runTimeSettings } from './definitions/run-time-settings.js';
import type { Settings } from './load-settings.js';
import type { SettingsTable } from './table-values.js';

/** A setting as it may be shown to an operator; secrets are `***`. */
export interface DescribedSetting {
  /** Name in the environment. */
  readonly env: string;
  readonly kind: 'boot' | 'run-time';
  /** As it would be written in the environment; undefined where there is no value. */
  readonly value: string | undefined;
  /** `default`, `environment` or the path of a file. */
  readonly origin: string;
}

/** What the process was started with, safe to print. */
export function describeSettings({ boot, runTime, origins }: Settings): readonly DescribedSetting[] {
  const rows = [...describeTable(bootSettings, boot), ...describeTable(runTimeSettings, runTime)];
  return rows.map((row) => ({ ...row, origin: origins[row.env] ?? 'default' }));
}

function describeTable(table: SettingsTable, values: Readonly<Record<string, unknown>>) {
  return Object.entries(table).map(([key, { env, kind, type }]) => {
    const value = values[key];
    return { env, kind, value: value === undefined ? undefined : type.print(value) };
  });
}
