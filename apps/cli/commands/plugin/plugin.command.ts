import { Command } from 'commander';
import type { DevOptions } from './dev.run.js';
import type { NewOptions } from './new.run.js';
import type { JsonOption } from './shown-problems.js';
import type { TrustOptions } from './trust.run.js';

const MORE = `
A plugin is a folder with a name such as parser-bars. A server loads those of the directory ALLUVIUM_PLUGINS_DIR that
were trusted; see docs/guide/plugins.md.

Examples:
  alluvium plugin new parser bars --dir ./plugins
  alluvium plugin dev ./plugins/parser-bars
  alluvium plugin check ./plugins/parser-bars
  alluvium plugin trust ./plugins/parser-bars
`;

/** `plugin new|check|dev|trust`. None of them needs a server. */
export function makePluginCommand(): Command {
  return new Command('plugin')
    .description('write, check and trust plugins of your own')
    .addCommand(makeNew())
    .addCommand(makeCheck())
    .addCommand(makeDev())
    .addCommand(makeTrust())
    .addHelpText('after', MORE);
}

function makeNew(): Command {
  return new Command('new')
    .description('make the folder of a plugin that works and passes its tests')
    .argument('<kind>', 'what it brings: parser, event-type, input, enricher or notifier')
    .argument('<name>', 'its name without the kind: a-z, 0-9 and -')
    .option('--dir <path>', 'the directory to make it in', '.')
    .option('--json', 'print what was made as JSON')
    .addHelpText('after', '\nExample:\n  alluvium plugin new parser bars --dir ./plugins\n')
    .action(async (kind: string, name: string, options: NewOptions) => {
      const { newPlugin } = await import('./new.run.js');
      await newPlugin(kind, name, options);
    });
}

function makeCheck(): Command {
  return new Command('check')
    .description('check a plugin: manifest, samples, all that its kind must hold; print its SHA-256')
    .argument('<folder>', "the plugin's folder")
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      '\nEnds with 1 where a check failed.\n\nExample:\n  alluvium plugin check ./plugins/parser-bars\n',
    )
    .action(async (folder: string, options: JsonOption) => {
      const { check } = await import('./check.run.js');
      await check(folder, options);
    });
}

function makeDev(): Command {
  return new Command('dev')
    .description('run the samples of a parser, of other kinds the checks, at each save; until Ctrl-C')
    .argument('<folder>', "the plugin's folder")
    .option('--once', 'run them once, and end with 1 where something differs')
    .option('--json', 'one JSON object for each run')
    .addHelpText('after', '\nExample:\n  alluvium plugin dev ./plugins/parser-bars\n')
    .action(async (folder: string, options: DevOptions) => {
      const { dev } = await import('./dev.run.js');
      await dev(folder, options);
    });
}

function makeTrust(): Command {
  return new Command('trust')
    .description('let a plugin run as it is now: list its SHA-256 in the directory that it lies in')
    .argument('<folder>', "the plugin's folder")
    .option('--withdraw', 'take it off the list, all its versions; a running server ends it')
    .option('--only', 'take its earlier versions off the list: by default the last 5 may be rolled back to')
    .option('--json', 'print the entry as JSON')
    .addHelpText(
      'after',
      '\nWhoever writes the list decides what runs in the server, so it belongs to the user of the server or to root.\n\nExamples:\n  alluvium plugin trust ./plugins/parser-bars\n  alluvium plugin trust ./plugins/parser-bars --withdraw\n',
    )
    .action(async (folder: string, options: TrustOptions) => {
      const { trust } = await import('./trust.run.js');
      await trust(folder, options);
    });
}
