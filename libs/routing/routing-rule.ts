/** Most rules that a tenant may have. */
export const MAX_RULES = 100;
/** Most values of one condition. */
export const MAX_VALUES = 50;
/** Most characters of a text that events are searched for. */
export const MAX_TEXT = 200;
/** Most fields that one rule asks for. */
export const MAX_FIELDS = 10;

/** What a rule asks of a field; all of it must hold. A field that isn't there, or is null, meets nothing but `exists: false`. */
export interface FieldCondition {
  /** As it was sent; `a.b` is `b` inside `a`, or a field of that very name. */
  readonly field: string;
  /** Any of these. Numbers and strings with the same text are equal. */
  readonly equals?: readonly (string | number | boolean)[] | undefined;
  /** Any of these is in it. */
  readonly contains?: readonly string[] | undefined;
  /** It begins with any of these. */
  readonly starts_with?: readonly string[] | undefined;
  /** As a number. */
  readonly at_least?: number | undefined;
  readonly at_most?: number | undefined;
  readonly exists?: boolean | undefined;
}

/** Whose events a rule is for: all of it must hold, and of a list any. What isn't named holds for all. */
export interface RuleConditions {
  /** Streams that the events were sent to. */
  readonly streams?: readonly string[] | undefined;
  /** Names of sources; one that ends in `*` means all that begin so. */
  readonly sources?: readonly string[] | undefined;
  /** Inputs that the events came by. */
  readonly inputs?: readonly string[] | undefined;
  /** Names of the keys that sent them. */
  readonly keys?: readonly string[] | undefined;
  readonly format?: 'json' | 'text' | undefined;
  /** Parsers that were asked for, of text. */
  readonly parsers?: readonly string[] | undefined;
  /** Of the line as it was sent, byte by byte: any of these is in it. */
  readonly contains?: readonly string[] | undefined;
  /** The line begins with any of these. */
  readonly starts_with?: readonly string[] | undefined;
  readonly fields?: readonly FieldCondition[] | undefined;
}

/** What becomes of the events that a rule is for. */
export interface RuleAction {
  /** Stream that they go to, and so their event type. */
  readonly stream?: string | undefined;
  /** Parser of text; JSON has none. */
  readonly parser?: string | undefined;
  /** Only one in so many goes on; the others are dropped by the policy of this name. */
  readonly sample?: { readonly one_in: number; readonly policy: string } | undefined;
  /** All are dropped by the policy of this name. */
  readonly drop?: { readonly policy: string } | undefined;
}

/** One rule of where events go. */
export interface RoutingRule {
  readonly name: string;
  readonly description?: string | undefined;
  readonly enabled: boolean;
  readonly when: RuleConditions;
  readonly action: RuleAction;
  /** Whether rules behind it are asked too; a rule that drops is always the last. */
  readonly continue: boolean;
}

/** What a rule did to events. */
export interface RuleCounts {
  readonly matched: number;
  readonly dropped: number;
  readonly sampled_out: number;
}
