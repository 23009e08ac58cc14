export type { Finding, RedactedLine } from './plan.js';
export { RedactionModule, type RedactionOptions } from './redaction.module.js';
export { RedactionRules, RedactionError, MAX_RULES, type StoredRule } from './redaction-rules.js';
export { Redactor, type ParsedLines } from './redactor.js';
export { replacementsOf, type Replace } from './replacement.js';
export {
  DETECTORS,
  REDACTION_ACTIONS,
  type DetectorName,
  type RedactionAction,
  type RedactionPlace,
  type RedactionRule,
} from './rule.js';
export { inTurns } from './in-turns.js';
