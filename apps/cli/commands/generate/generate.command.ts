import { Command, Option } from 'commander';
import { addServerOptions } from '../../client/server-place.js';
import { MODE_NAMES, MODES } from './modes.js';
import type { GenerateCommandOptions } from './generate.js';
import { readCount, readDuration, readRate, readTime } from './plan.js';

const MAX_CONNECTIONS = 256;
const MAX_EVENTS = 1e12 - 1;

const MORE = `
Modes:
${MODE_NAMES.map((name) => `  ${name.padEnd(10)} ${MODES[name].description}`).join('\n')}

Each event is acknowledged once it is durably stored. A request that the server can't take now (429, 503) is sent again
when the server says so, and stored once. Ctrl-C ends the run in order, with the summary.

Examples:
  alluvium generate                                                    something to search, in a second
  alluvium generate --mode sustained --rate 2000 --duration 10m        a steady load
  alluvium generate --mode load-test --connections 16                  as fast as it goes
  alluvium generate --mode multi --rate 5000                           four event types, each to its own stream
  alluvium generate --print-categories > mine.yaml                     begin with a file of one's own
  alluvium generate --categories mine.yaml --print 5                   look at it; nothing is sent
docs/guide/generate.md explains the files of categories.
`;

/** Makes events and sends them, to try, to show and to test a server. */
export function makeGenerateCommand(): Command {
  const command = new Command('generate')
    .description('make realistic events and send them')
    .addOption(new Option('--mode <mode>', 'how (see below)').choices(MODE_NAMES).default('quick'))
    .option('--rate <n>', 'events a second', readRate)
    .option('--duration <time>', 'how long: 30s, 10m, 1h', readDuration)
    .option('--events <n>', 'how many events', readCount(MAX_EVENTS))
    .option('--connections <n>', 'requests at once', readCount(MAX_CONNECTIONS))
    .option('--categories <file>', 'YAML of what the events are like (default: a shop on the web)')
    .option('--stream <name>', "where all events go (default: the key's default stream)")
    .option('--seed <text>', 'the same seed makes the same events (default: another one each time)')
    .option(
      '--start-time <time>',
      'time of the first event; the others follow at the rate (default: now)',
      readTime,
    )
    .option('--print <n>', 'print this many events and send nothing', readCount(MAX_EVENTS))
    .option('--print-categories', 'print the default file of categories and send nothing')
    .option('--json', 'print NDJSON: progress each second, then the summary');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (options: GenerateCommandOptions) => {
      const { generate } = await import('./generate.js');
      await generate(options);
    });
}
