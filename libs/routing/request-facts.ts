import type { RuleConditions } from './routing-rule.js';

/** What is known of all events of a request before one is looked at. */
export interface RequestFacts {
  /** That they were sent to. */
  readonly stream: string;
  readonly source: string;
  readonly format: 'json' | 'text';
  /** That was asked for, of text. */
  readonly parser?: string | undefined;
  /** The input that they came by. */
  readonly input?: string | undefined;
  /** Name of the key that sent them, where they came by no input. */
  readonly key?: string | undefined;
}

/** Whether a rule can be for events of this request. */
export function meets(facts: RequestFacts, when: RuleConditions): boolean {
  return (
    isOf(when.streams, facts.stream) &&
    isOf(when.inputs, facts.input) &&
    isOf(when.keys, facts.key) &&
    isOf(when.parsers, facts.parser) &&
    (when.format ?? facts.format) === facts.format &&
    (when.sources?.some((pattern) => fits(pattern, facts.source)) ?? true)
  );
}

function isOf(names: readonly string[] | undefined, name: string | undefined): boolean {
  return names === undefined || (name !== undefined && names.includes(name));
}

function fits(pattern: string, source: string): boolean {
  return pattern.endsWith('*') ? source.startsWith(pattern.slice(0, -1)) : source === pattern;
}
