import { Command, Option } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import { wholeNumber } from '../../output/number-option.js';
import { FORMS } from './choose-form.js';
import type { SendOptions } from './send.run.js';

const MORE = `
Files are NDJSON, JSON (objects, or an array of them) or lines of text, plain or in gzip or zstd; which, is told from their
first bytes. Text is parsed as --parser says: auto (the default) tells syslog, JSON and other text apart.

A file that was interrupted, even by kill -9, is gone on with by the same command, and no event is stored twice. A file that
was sent whole is not sent again; of one that grew, only what is new is. --restart sends all of it anew. What was sent is
remembered for 30 days in $XDG_STATE_HOME/alluvium/send (~/.local/state/alluvium/send).

A server that is busy (429, 503) or starts again is waited for. What came through standard input can't be gone on with.

Examples:
  alluvium send app.ndjson
  alluvium send --stream nginx --parser auto /var/log/nginx/access.log*
  zcat old.gz | alluvium send --wait -
  alluvium send --wait --json events.json.zst
`;

/** `send FILE… | -`. */
export function makeSendCommand(): Command {
  const command = new Command('send')
    .description('send files of events, or what comes through standard input (-)')
    .argument('<file...>', 'files; - is standard input')
    .option('-s, --stream <name>', "stream to send to (default: the key's)")
    .addOption(
      new Option(
        '--form <form>',
        'how events lie in the files (default: told from their first bytes)',
      ).choices(FORMS),
    )
    .option('--parser <name>', 'parser of lines of text, by which they count as text')
    .option('--source <name>', "name of the source (default: the key's)")
    .option('-w, --wait', 'wait until everything is stored, and say what became of it')
    .option('--restart', 'send files whole, also what was sent before')
    .option('-q, --quiet', 'no progress, only errors')
    .option('--json', 'sum up as JSON')
    .option(
      '--retry-for <seconds>',
      'give up when the server took nothing for so long',
      wholeNumber(0, 86_400),
      300,
    )
    .option('--connections <count>', 'requests at once', wholeNumber(1, 64), 4);
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (files: string[], options: SendOptions) => {
      const { sendFiles } = await import('./send.run.js');
      const form = options.form ?? (options.parser === undefined ? undefined : ('text' as const));
      process.exitCode = await sendFiles(files, { ...options, ...(form && { form }) });
    });
}
