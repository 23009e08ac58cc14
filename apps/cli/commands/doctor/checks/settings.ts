import { describeSettings, type Settings, type SettingsProblem } from '#app-config';
import { fine, problem, warning, type Finding } from '../finding.js';

/** Every problem with the settings, or which of them are given. */
export function checkSettings(settings: Settings, problems: readonly SettingsProblem[]): readonly Finding[] {
  if (problems.length > 0) return problems.map(complain);
  const given = describeSettings(settings).filter(({ origin }) => origin !== 'default');
  const names = given.map(({ env }) => env).join(', ');
  return [
    fine(
      'settings',
      given.length === 0
        ? 'None is given: all have their defaults.'
        : `${given.length} given, all right: ${names}.`,
    ),
    ...settings.warnings.map((what) =>
      warning('settings', {
        what,
        where: 'environment',
        mend: 'Correct the names, or leave them to the program that means them.',
      }),
    ),
  ];
}

function complain({ setting, where, given, expected, mend }: SettingsProblem): Finding {
  return problem('settings', {
    what: `Given is ${given}, expected ${expected}.`,
    where: where === 'environment' || where === 'together' ? setting : `${setting} in ${where}`,
    mend,
  });
}
