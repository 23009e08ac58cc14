export type { PolicyMistake, PolicyMistakeCode } from './age.js';
export {
  ARCHIVE_TIER,
  FIRST_TIER,
  printPolicy,
  readPolicy,
  type PolicyReading,
  type TierStay,
} from './policy-text.js';
