export type { BootSettings } from './definitions/boot-settings.js';
export type { FaultPoint } from './definitions/fault-points.js';
export { formatBytes } from './definitions/number-types.js';
export type { RunTimeValues } from './definitions/run-time-settings.js';
export { describeSettings, type DescribedSetting } from './describe-settings.js';
export { didYouMean } from './did-you-mean.js';
export { listSettings, type ListedSetting, type PlainValue, type SettingsInForce } from './list-settings.js';
export { loadSettings, type Settings } from './load-settings.js';
export { deriveBudgets, type Budgets } from './machine/budgets.js';
export { resolveMemoryLimit, type MemoryProbe } from './machine/memory-limit.js';
export { resolveScratchDir, type FreeSpaceProbe } from './machine/scratch-dir.js';
export { formatProblem, SettingsError, type SettingsProblem } from './problems.js';
export type { RunTimeRecord } from './run-time/run-time-record.js';
export {
  RunTimeSettings,
  type ChangeOptions,
  type RunTimeSettingsOptions,
} from './run-time/run-time-settings.js';
export type { RunTimeStore, SettingsChange, StoredSettings } from './run-time/run-time-store.js';
export { isOneOfSeveral } from './roles-checks.js';
export { Secret } from './secret.js';
export { renderSettingsPage } from './settings-page.js';
export { SETTINGS } from './settings-token.js';
export { processInput, type SettingsInput } from './sources/settings-input.js';
