import type { RunTimeValues, SettingsProblem } from '#app-config';
import { diskRules, levelOf, type DiskLook } from '#observability';

/**
 * What speaks against settings of the disk: that they would refuse every event from now on, though there is no want of space.
 *
 * @param names of the settings that are to be changed
 */
export function diskObjection(
  { fileSystems, worst }: DiskLook,
  names: readonly string[],
): (values: RunTimeValues) => readonly SettingsProblem[] {
  const setting = names.find((name) => name.startsWith('disk_'));
  return (values) => {
    if (setting === undefined || worst.level === 'refusing') return [];
    const taking = fileSystems.filter(({ takesEvents }) => takesEvents);
    const full = taking.find((disk) => levelOf(disk, 'ok', diskRules(values)) === 'refusing');
    if (!full) return [];
    const used = `${full.usedPercent.toFixed(1)} % of the disk of ${full.places.join(', ')} are used, ${full.freeBytes} bytes are free`;
    return [
      {
        setting,
        where: 'request',
        given: 'a change that would refuse every event at once',
        expected: `a threshold that is not reached yet: ${used}`,
        mend: 'Choose a higher share or a smaller reserve, or free space first.',
      },
    ];
  };
}
