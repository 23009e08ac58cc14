import type { AnySetting } from './definitions/setting.js';
import type { SettingsProblem } from './problems.js';

/** A value that somebody gave for a setting, before it is judged. */
export interface Given {
  readonly setting: AnySetting;
  readonly value: unknown;
  /** The setting as it was named there. */
  readonly as: string;
  readonly where: string;
}

/** What a source holds, and what is wrong with the source itself. */
export interface SourceReading {
  readonly given: readonly Given[];
  readonly problems: readonly SettingsProblem[];
}

/** A judged value, or what is wrong with it. */
export type Judged<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: SettingsProblem };

const SHOWN_CHARACTERS = 80;

/** Reads a given value by the setting's type. */
export function judge({ setting, value, as, where }: Given): Judged<unknown> {
  const result = setting.type.schema.safeParse(value);
  if (result.success) return { kind: 'ok', value: result.data };
  const given = (setting.secret ?? setting.masked) ? masked(value) : shown(value);
  return {
    kind: 'problem',
    problem: { setting: as, where, given, expected: setting.type.expected, mend: mend(setting) },
  };
}

/** A value as it may stand in a problem: short, on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function masked(value: unknown): string {
  return `*** (${String(value).length} characters)`;
}

function mend(setting: AnySetting): string {
  const otherwise = setting.default === undefined ? setting.otherwise : `the default ${setting.default}`;
  return `Change it, or leave it out: ${otherwise || 'it is empty by default'}.`;
}
