export type { PolicyMistake, PolicyMistakeCode } from './age.js';
export {
  ARCHIVE_TIER,
  FIRST_TIER,
  printPolicy,
  readPolicy,
  stayBehindSearch,
  type PolicyReading,
  type TierStay,
} from './policy-text.js';
