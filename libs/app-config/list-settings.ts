import { bootSettings } from './definitions/boot-settings.js';
import { runTimeSettings, type RunTimeValues } from './definitions/run-time-settings.js';
import type { AnySetting, SettingKind } from './definitions/setting.js';
import type { Settings } from './load-settings.js';
import type { SettingsTable } from './table-values.js';

/** What JSON can show of a value: a secret is `***`. */
export type PlainValue = string | number | boolean | readonly string[] | null;

/** A setting with what is in force now. */
export interface ListedSetting {
  /** Name in the API. */
  readonly name: string;
  /** Name in the environment. */
  readonly env: string;
  readonly kind: SettingKind;
  /** Bytes, milliseconds and other numbers as numbers; null where there is none. */
  readonly value: PlainValue;
  readonly default: PlainValue;
  /** What happens without a value, where there is no default. */
  readonly otherwise?: string;
  /** `default`, `environment`, the path of a file, or `api` where it was changed while running. */
  readonly source: string;
  readonly unit?: string;
  /** What values it takes. */
  readonly expected: string;
  readonly description: string;
}

/** The run-time settings in force, and which of them were changed. */
export interface SettingsInForce {
  readonly current: RunTimeValues;
  /** Names (`flush_bytes`) of the settings that were changed while running. */
  readonly changed: ReadonlySet<string>;
}

/** Every setting, boot ones first. */
export function listSettings(settings: Settings, inForce: SettingsInForce): readonly ListedSetting[] {
  return [
    ...rowsOf(bootSettings, settings.boot, settings.origins),
    ...rowsOf(runTimeSettings, inForce.current, settings.origins).map((row) =>
      inForce.changed.has(row.name) ? { ...row, source: 'api' } : row,
    ),
  ];
}

function rowsOf(
  table: SettingsTable,
  values: Readonly<Record<string, unknown>>,
  origins: Settings['origins'],
): readonly ListedSetting[] {
  return Object.entries(table).map(([key, setting]) => {
    const { name, env, kind, otherwise, unit, description } = setting;
    return {
      ...{ name, env, kind, description, expected: setting.type.expected },
      value: plain(setting, values[key]),
      default: plain(setting, defaultOf(setting)),
      source: origins[env] ?? 'default',
      ...(otherwise !== undefined && { otherwise }),
      ...(unit !== undefined && { unit }),
    };
  });
}

function defaultOf({ type, default: written }: AnySetting): unknown {
  return written === undefined ? undefined : type.schema.parse(written);
}

function plain({ secret, type }: AnySetting, value: unknown): PlainValue {
  if (value === undefined) return null;
  if (secret) return '***';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  return type.print(value);
}
