import type { ValueType } from './value-type.js';

/**
 * When a setting takes effect.
 * - `boot`: read once at start, frozen until the next one
 * - `run-time`: the start gives its default; may be changed while running
 */
export type SettingKind = 'boot' | 'run-time';

/** What is declared about one setting; everything else (sources, problems, the reference page) follows from it. */
export interface SettingOptions<T> {
  /** Where it stands in the YAML file. Its other names follow: `http.port`, `http_port`, `ALLUVIUM_HTTP_PORT`. */
  readonly path: string;
  /** Name in the environment, where other programs have named it. */
  readonly env?: string;
  readonly type: ValueType<T>;
  /** As it would be written in the environment. Absent: the setting has no value unless one is given. */
  readonly default?: string;
  /** What happens without a value, where `default` is absent. */
  readonly otherwise?: string;
  readonly unit?: string;
  readonly description: string;
  /** Never shown, not even in a problem. */
  readonly secret?: true;
  /** A wrong value is not shown in its problem: a secret may be in it. */
  readonly masked?: true;
  /** Cannot stand in the YAML file, nor be read from a file of its own. */
  readonly environmentOnly?: true;
}

export interface Setting<T> extends SettingOptions<T> {
  readonly kind: SettingKind;
  /** Name in the environment. */
  readonly env: string;
  /** Name in the API and in the stored record of run-time settings. */
  readonly name: string;
}

/** A setting whose value type doesn't matter to the reader. */
export type AnySetting = Setting<unknown>;

/** Values by the keys of a table of settings; those without a default may be absent. */
export type ValuesOf<D> = {
  readonly [K in keyof D]: D[K] extends Setting<infer T> & { readonly default: string }
    ? T
    : D[K] extends Setting<infer T>
      ? T | undefined
      : never;
};

function complete<T, O extends SettingOptions<T>>(kind: SettingKind, options: O) {
  const name = options.path.replaceAll('.', '_');
  return { ...options, kind, name, env: options.env ?? `ALLUVIUM_${name.toUpperCase()}` };
}

/** A setting that is read once at start. */
export function bootSetting<T>(
  options: SettingOptions<T> & { default: string },
): Setting<T> & { readonly default: string };
export function bootSetting<T>(options: SettingOptions<T> & { default?: never }): Setting<T>;
export function bootSetting<T>(options: SettingOptions<T>): Setting<T> {
  return complete<T, SettingOptions<T>>('boot', options);
}

/** A setting that may be changed while running; it always has a default. */
export function runTimeSetting<T>(
  options: SettingOptions<T> & { default: string },
): Setting<T> & { readonly default: string } {
  return complete<T, SettingOptions<T> & { default: string }>('run-time', options);
}
