export type { RequestFacts } from './request-facts.js';
export { routeLines, type SentTo } from './route-lines.js';
export { RequestPlan, type Route } from './routing-plan.js';
export {
  MAX_FIELDS,
  MAX_RULES,
  MAX_TEXT,
  MAX_VALUES,
  type RoutingRule,
  type RuleCounts,
} from './routing-rule.js';
export { RoutingModule } from './routing.module.js';
export { RoutingRules, type RuleBook, type StoredRule } from './routing-rules.js';
