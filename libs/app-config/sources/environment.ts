import { allSettings, clientVariables, rigVariables } from '../definitions/all-settings.js';
import type { AnySetting } from '../definitions/setting.js';
import { didYouMean } from '../did-you-mean.js';
import type { Given, SourceReading } from '../given.js';
import type { SettingsProblem } from '../problems.js';
import type { Environment } from './settings-input.js';

/** What Kubernetes puts into every container beside a service of some name; not meant as settings. */
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

const WHERE = 'environment';

/** Values of one setting in the environment. An empty variable counts as not set. */
export function readVariable(setting: AnySetting, env: Environment): readonly Given[] {
  const value = env[setting.env];
  return value ? [{ setting, value, as: setting.env, where: WHERE }] : [];
}

/** Reads every setting's own variable, and reports the variables that mean nothing. */
export function readEnvironment(env: Environment): SourceReading {
  return {
    given: allSettings.flatMap((setting) => readVariable(setting, env)),
    problems: unknownVariables(env),
  };
}

function unknownVariables(env: Environment): SettingsProblem[] {
  const known = allSettings.flatMap(({ env: name, environmentOnly }) =>
    environmentOnly ? [name] : [name, `${name}_FILE`],
  );
  const recognised = new Set<string>([...known, ...rigVariables, ...clientVariables]);
  return Object.entries(env)
    .filter(([name]) => name.startsWith('ALLUVIUM_') && !recognised.has(name))
    .filter(([name, value]) => !isServiceLink(name, value))
    .map(([name]) => ({
      setting: name,
      where: WHERE,
      // An unknown variable may be a misspelt secret, so its value isn't shown.
      given: 'a variable that no setting has',
      expected: 'a name from docs/reference/settings.md',
      mend: didYouMean(name, known) || 'Unset it.',
    }));
}

/** Whether Kubernetes has set a variable, of a service that is named as its first word. */
export function isServiceLink(name: string, value = ''): boolean {
  return SERVICE_LINK.test(name) || SERVICE_ADDRESS.test(value);
}
