import type { BootSettings } from './definitions/boot-settings.js';
import type { SettingsProblem } from './problems.js';

const WHERE = 'together';

/** What is wrong between the settings of MongoDB. */
export function checkMongodb(boot: BootSettings): readonly SettingsProblem[] {
  return [...uriMissing(boot), ...tlsCa(boot), ...login(boot)];
}

function uriMissing(boot: BootSettings): readonly SettingsProblem[] {
  const [set] = Object.entries({
    MONGODB_USER: boot.mongodbUser,
    MONGODB_PASSWORD: boot.mongodbPassword,
    MONGODB_TLS_CA: boot.mongodbTlsCa,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (boot.mongodbUri !== undefined || set === undefined) return [];
  return [problem(set, 'it without MONGODB_URI', 'a server', `Set MONGODB_URI, or unset ${set}.`)];
}

/** An authority without TLS would be believed to guard something. */
function tlsCa({ mongodbUri: uri, mongodbTlsCa: ca }: BootSettings): readonly SettingsProblem[] {
  if (ca === undefined || uri === undefined) return [];
  const isOn = uri.startsWith('mongodb+srv:') ? !/[?&]tls=false/.test(uri) : /[?&]tls=true/.test(uri);
  if (isOn) return [];
  const mend = 'Add tls=true to the options of MONGODB_URI, or unset MONGODB_TLS_CA.';
  return [problem('MONGODB_TLS_CA', 'it, and no TLS in MONGODB_URI', 'tls=true in MONGODB_URI', mend)];
}

function login({ mongodbUser: user, mongodbPassword: password }: BootSettings): readonly SettingsProblem[] {
  if ((user === undefined) === (password === undefined)) return [];
  const [set, missing] = user ? ['MONGODB_USER', 'MONGODB_PASSWORD'] : ['MONGODB_PASSWORD', 'MONGODB_USER'];
  return [problem(set, `it without ${missing}`, 'both or neither', `Set ${missing}, or unset ${set}.`)];
}

function problem(setting: string, given: string, expected: string, mend: string): SettingsProblem {
  return { setting, where: WHERE, given, expected, mend };
}
