import { Command } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import { wholeNumber } from '../../output/number-option.js';
import type { ListOptions, VerifyOptions } from './audit.run.js';

/** Entries that one call may print. */
const MOST = 1_000_000;

const MORE = `
Examples:
  alluvium audit                                     what was changed last
  alluvium audit --action key --from now-7d          which keys were made and revoked, and by whom
  alluvium audit --object web --json | jq .changes   every change of something, field by field
  alluvium audit verify                              whether anybody rewrote it
`;

const VERIFY_MORE = `
Prints the number of the newest entry and its hash. Note them elsewhere: what somebody rewrote as a whole is told by that
they are no longer a part of the chain. Ends with 1 where anything is not as it was written.

Example:
  alluvium audit verify --from 812 --hash 5d41402abc4b2a76b9719d911017c592…
`;

/** `audit`, which lists, and `audit verify`. */
export function makeAuditCommand(): Command {
  return new Command('audit')
    .description('show who changed what, and verify that nobody rewrote it')
    .addCommand(makeList(), { isDefault: true })
    .addCommand(makeVerify())
    .addHelpText('after', MORE);
}

function makeList(): Command {
  const command = new Command('list')
    .description('list changes, the newest first; the same as audit alone')
    .option('--from <time>', 'since then: now-7d, 2026-01-31T12:00:00Z')
    .option('--to <time>', 'until then')
    .option('--actor <name>', 'id or name of a key; or appliance, file, nobody')
    .option('--action <name>', 'such as key.create; or key, for all that begin so')
    .option('--object <name>', 'name or id of what was changed')
    .option('--tenant <name>', 'only what is about this tenant')
    .option('--limit <number>', 'at most so many', wholeNumber(1, MOST), 50)
    .option('--json', 'one JSON object a line');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (options: ListOptions) => {
      const { listAudit } = await import('./audit.run.js');
      await listAudit(options);
    });
}

function makeVerify(): Command {
  const command = new Command('verify')
    .description('say whether the record is as it was written')
    .option('--from <number>', 'number of an entry that was noted')
    .option('--hash <hash>', 'its hash')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', VERIFY_MORE)
    .action(async (options: VerifyOptions) => {
      const { verifyAudit } = await import('./audit.run.js');
      await verifyAudit(options);
    });
}
