import type { RunTimeValues } from './definitions/run-time-settings.js';
import type { SettingsProblem } from './problems.js';

/** Thresholds of which the first is never above the second. */
const IN_ORDER = [
  ['diskWarnAt', 'disk_warn_at', 'diskRefuseLowAt', 'disk_refuse_low_at'],
  ['diskWarnAt', 'disk_warn_at', 'diskEmergencyAt', 'disk_emergency_at'],
  ['diskRefuseLowAt', 'disk_refuse_low_at', 'diskRefuseNormalAt', 'disk_refuse_normal_at'],
  ['diskRefuseNormalAt', 'disk_refuse_normal_at', 'diskRefuseAt', 'disk_refuse_at'],
  ['diskEmergencyAt', 'disk_emergency_at', 'diskRefuseAt', 'disk_refuse_at'],
] as const;

/** What is wrong between the thresholds of the disk: they stand in the order in which they are reached. */
export function checkDisk(values: RunTimeValues): readonly SettingsProblem[] {
  return IN_ORDER.filter(([first, , second]) => values[first] > values[second]).map(
    ([first, name, second, limit]) => ({
      setting: name,
      where: 'together',
      given: `${values[first]} percent`,
      expected: `at most ${limit}, which is ${values[second]}`,
      mend: `Lower ${name} or raise ${limit}, in one change.`,
    }),
  );
}
