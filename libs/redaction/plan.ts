import { Detectors } from './detectors/find-secrets.js';
import type { Replace } from './replacement.js';
import type { DetectorName, RedactionAction, RedactionRule } from './rule.js';

/** What happened to a line, for a dry run. */
export interface Finding {
  readonly rule: string;
  /** Name of the detector, or of the field. */
  readonly what: string;
}

interface FieldRule {
  readonly rule: string;
  readonly action: RedactionAction;
}

/** Rules as they are worked with: the first rule that names a field or a detector counts. */
export class RedactionPlan {
  readonly detectors: Detectors;
  /** Names of fields in small letters. */
  readonly fields: ReadonlyMap<string, FieldRule>;
  /** Names' last parts, which are keys. */
  readonly keys: ReadonlySet<string>;
  readonly #byDetector = new Map<DetectorName, FieldRule>();

  /** The same with hashes where words would make different values equal. */
  readonly telling: RedactionPlan;

  constructor(
    rules: readonly RedactionRule[],
    readonly replace: Replace,
  ) {
    this.telling = rules.every(({ action }) => action !== 'mask')
      ? this
      : new RedactionPlan(
          rules.map((rule) => (rule.action === 'mask' ? { ...rule, action: 'hash' } : rule)),
          replace,
        );
    const fields = new Map<string, FieldRule>();
    for (const { name: rule, action, detectors, fields: names } of rules) {
      for (const name of detectors)
        if (!this.#byDetector.has(name)) this.#byDetector.set(name, { rule, action });
      for (const name of names.map((one) => one.toLowerCase()))
        if (!fields.has(name)) fields.set(name, { rule, action });
    }
    this.fields = fields;
    this.keys = new Set([...fields.keys()].map((name) => name.slice(name.lastIndexOf('.') + 1)));
    this.detectors = new Detectors(this.#byDetector.keys());
  }

  /** The rule of a field, by the keys that lead to it. */
  fieldRule(path: readonly string[]): (FieldRule & { readonly name: string }) | undefined {
    const last = path.at(-1)?.toLowerCase() ?? '';
    if (!this.keys.has(last.slice(last.lastIndexOf('.') + 1))) return undefined;
    for (let first = path.length - 1; first >= 0; first -= 1) {
      const name = path.slice(first).join('.').toLowerCase();
      const rule = this.fields.get(name);
      if (rule) return { ...rule, name };
    }
    return undefined;
  }

  detectorRule(name: DetectorName): FieldRule {
    return this.#byDetector.get(name) ?? { rule: '', action: 'mask' };
  }
}

/** A line and what was done to it. */
export interface RedactedLine {
  readonly line: Buffer;
  readonly findings: readonly Finding[];
  /** Values of fields that are gone, as they stood. */
  readonly values: readonly string[];
}
