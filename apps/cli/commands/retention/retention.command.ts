import { Command } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import type { ApplyOptions, PlanOptions, RetentionOptions } from './retention.run.js';

const MORE = `
Examples:
  alluvium retention                                        what should be there, and what is
  alluvium retention plan                                   what would be deleted now; deletes nothing
  alluvium retention plan --stream web --keep 'search 7d -> delete'
                                                            what another policy would delete; saves nothing
  alluvium retention apply 20261122T020000-5f0e6a52         delete what that plan counted, and read back
`;

const APPLY_MORE = `
Waits until the run has ended. Ends with 5 where it kept some of what was planned, with 1 where what it removed is still
there. The run goes on in the server where this command is ended: see alluvium retention runs.

Example:
  alluvium retention apply 20261122T020000-5f0e6a52
`;

const RUNS_MORE = `
Example:
  alluvium retention runs --json | jq 'select(.kept.units > 0)'
`;

/** `retention`, which shows the status, and `retention plan`, `apply` and `runs`. */
export function makeRetentionCommand(): Command {
  return new Command('retention')
    .description('show what is kept how long, plan what goes, and apply a plan')
    .addCommand(makeStatus(), { isDefault: true })
    .addCommand(makePlan())
    .addCommand(makeApply())
    .addCommand(makeRuns())
    .addHelpText('after', MORE);
}

function makeStatus(): Command {
  const command = new Command('status')
    .description('show what policies want and what is stored; the same as retention alone')
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (options: RetentionOptions) => {
      const { showStatus } = await import('./retention.run.js');
      await showStatus(options);
    });
}

function makePlan(): Command {
  const command = new Command('plan')
    .description('say what would be deleted, and delete nothing')
    .option('--stream <name>', 'only this stream')
    .option('--keep <policy>', "as if the stream's policy were this; applying the plan saves it")
    .option('--json', 'print everything as JSON');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (options: PlanOptions) => {
      const { makePlan: plan } = await import('./retention.run.js');
      await plan(options);
    });
}

function makeApply(): Command {
  const command = new Command('apply')
    .argument('<plan>', 'id of a plan that is not older than a day')
    .description('delete what a plan counted, and nothing else')
    .option('--accept-clock', "say that the machine's clock is right, where it is doubted")
    .option('--json', 'print the run as JSON');
  return addServerOptions(command)
    .addHelpText('after', APPLY_MORE)
    .action(async (plan: string, options: ApplyOptions) => {
      const { applyPlan } = await import('./retention.run.js');
      await applyPlan(plan, options);
    });
}

function makeRuns(): Command {
  const command = new Command('runs')
    .description('list what was deleted, when and by whose plan, the newest first')
    .option('--json', 'one JSON object a line');
  return addServerOptions(command)
    .addHelpText('after', RUNS_MORE)
    .action(async (options: RetentionOptions) => {
      const { listRuns } = await import('./retention.run.js');
      await listRuns(options);
    });
}
