import { TierError } from '#plugin-kit';

/** In a path the engine would read these characters as a pattern. @throws TierError `config` */
export function refusePattern(path: string): void {
  if (/[{}*?,[\]]/.test(path))
    throw new TierError('config', `The engine can't reach ${path}: its name has one of {}*?,[].`);
}
