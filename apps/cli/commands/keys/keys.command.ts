import { Command } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import type { CreateKeyOptions, KeyOptions } from './keys.run.js';

const MORE = `
Examples:
  alluvium keys create web-1 --scope events:write
  alluvium keys list
  alluvium keys revoke 3f9k2m1p
`;

const CREATE_MORE = `
Scopes: events:write, streams:create, logs:read, quarantine:read, streams:admin, keys:admin, audit:read,
metrics, system.

The stream that a key sends to is created with it, where the key itself may not create streams.

Examples:
  alluvium keys create web-1 --scope events:write --default-stream nginx
  alluvium keys create grafana --scope logs:read --stream nginx --stream app --expires 2027-01-01T00:00:00Z
  alluvium keys create ci --scope events:write --json | jq -r .key > ci.key
`;

/** `keys create|list|revoke`. */
export function makeKeysCommand(): Command {
  return new Command('keys')
    .description('make, list and revoke keys')
    .addCommand(makeCreate())
    .addCommand(makeList())
    .addCommand(makeRevoke())
    .addHelpText('after', MORE);
}

function makeCreate(): Command {
  const command = new Command('create')
    .description('make a key and print it, this once')
    .argument('<name>', 'names the key to people')
    .requiredOption('--scope <scope>', 'what it may do; may be repeated', gather)
    .option('--stream <name>', 'the only streams it may touch; may be repeated (default: all)', gather)
    .option('--default-stream <name>', 'stream of events that are sent without one')
    .option('--source <name>', "source of the events it sends (default: the key's name)")
    .option('--tenant <name>', 'tenant (default: that of the asking key)')
    .option('--expires <time>', 'when it ends: 2027-01-01T00:00:00Z, now+30d (default: never)')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', CREATE_MORE)
    .action(async (name: string, options: CreateKeyOptions) => {
      const { createKey } = await import('./keys.run.js');
      await createKey(name, options);
    });
}

function makeList(): Command {
  const command = new Command('list')
    .description('list the keys, without their secrets')
    .option('--json', 'one JSON object a line');
  return addServerOptions(command)
    .addHelpText('after', '\nExamples:\n  alluvium keys list\n  alluvium keys list --json | jq -r .name\n')
    .action(async (options: KeyOptions) => {
      const { listKeys } = await import('./keys.run.js');
      await listKeys(options);
    });
}

function makeRevoke(): Command {
  const command = new Command('revoke')
    .description('revoke a key, at once')
    .argument('<id>', 'id of the key: the eight signs behind alv_')
    .option('--json', 'print the key as JSON');
  return addServerOptions(command)
    .addHelpText('after', '\nExample:\n  alluvium keys revoke 3f9k2m1p\n')
    .action(async (id: string, options: KeyOptions) => {
      const { revokeKey } = await import('./keys.run.js');
      await revokeKey(id, options);
    });
}

function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
