import { allSettings, serverEngines } from '../definitions/all-settings.js';
import type { AnySetting } from '../definitions/setting.js';
import { didYouMean } from '../did-you-mean.js';
import type { SettingsProblem } from '../problems.js';
import { isServiceLink } from './environment.js';
import type { Environment } from './settings-input.js';

/** Variables that begin as an engine's settings do and are none. */
export interface StrangeVariables {
  /** Those that a start refuses. */
  readonly problems: readonly SettingsProblem[];
  /** Those that it goes on without: a sentence for each engine. */
  readonly warnings: readonly string[];
}

type Engine = (typeof serverEngines)[number];

/**
 * Judges what no setting has of the variables that begin with an engine's name. They may be another program's, which the
 * same machine runs: so a start refuses only what is nearly a setting of an engine that is in use, and warns of all else.
 */
export function findStrangeVariables(env: Environment, given: ReadonlySet<AnySetting>): StrangeVariables {
  const found = serverEngines.map((engine) => judge(engine, env, given.has(engine.main)));
  return {
    problems: found.flatMap(({ problems }) => problems),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}

function judge(engine: Engine, env: Environment, isInUse: boolean): StrangeVariables {
  const known = allSettings
    .filter((setting) => setting.env.startsWith(engine.prefix))
    .flatMap((setting) => [setting.env, `${setting.env}_FILE`]);
  const strange = Object.entries(env)
    .filter(([name, value]) => name.startsWith(engine.prefix) && value && !isServiceLink(name, value))
    .map(([name]) => ({ name, meant: didYouMean(name, known) }))
    .filter(({ name }) => !known.includes(name));
  const isRefused = ({ meant }: { readonly meant: string }): boolean => isInUse && meant !== '';
  const ignored = strange.filter((each) => !isRefused(each));
  return {
    problems: strange.filter(isRefused).map(({ name, meant }) => ({
      setting: name,
      where: 'environment',
      // It may be a misspelt secret, so its value isn't shown.
      given: 'a variable that no setting has',
      expected: 'a name from docs/reference/settings.md',
      mend: `${meant} Or unset it for this process, where another program means it.`,
    })),
    warnings: ignored.length === 0 ? [] : [warning(engine, ignored, isInUse)],
  };
}

function warning(
  { main }: Engine,
  ignored: readonly { readonly name: string; readonly meant: string }[],
  isInUse: boolean,
): string {
  const names = ignored.map(({ name, meant }) => (meant ? `${name} (${meant})` : name)).join(', ');
  const unused = isInUse ? '' : ` ${main.env} is not set, so that the engine is not used.`;
  return `No setting has these variables, which are ignored: ${names}.${unused}`;
}
