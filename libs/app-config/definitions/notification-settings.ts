import { isIP } from 'node:net';
import { z } from 'zod';
import { bootSetting } from './setting.js';
import { listText, text } from './text-types.js';
import type { ValueType } from './value-type.js';

function isNetwork(item: string): boolean {
  const [address = '', bits, ...more] = item.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return isIP(address) !== 0 && !address.includes('%') && isRange && more.length === 0;
}

/** Networks, or addresses alone. */
const networks: ValueType<readonly string[]> = {
  schema: listText.pipe(z.array(z.string().refine(isNetwork)).max(100)),
  expected: 'a comma list of networks such as 10.0.0.0/8, or addresses',
  print: (value) => value.join(','),
};

/** What notifiers may read and reach. */
export const notificationSettings = {
  secretsDir: bootSetting({
    path: 'secrets_dir',
    type: text('the path of a directory'),
    otherwise: '`<data>/secrets`',
    description: 'Directory of the files that hold secrets of notifiers, such as tokens.',
  }),
  notifyNetworks: bootSetting({
    path: 'notify.networks',
    type: networks,
    default: '',
    description:
      'Networks that are not public and that notifiers may reach all the same. `169.254.0.0/16` and `fe80::/10` never.',
  }),
};
