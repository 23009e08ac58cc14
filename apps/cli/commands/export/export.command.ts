import { Command, Option } from 'commander';
import { addSelectionOptions } from '../../client/selection-options.js';
import { addServerOptions } from '../../client/server-place.js';
import { wholeNumber } from '../../output/number-option.js';
import type { ExportOptions } from './export.run.js';

const MORE = `
Every selected event is exported, however many; without --from, those of the last 24 hours. ndjson and csv without compression
go on where they broke, in the same call, or, with -o, by the same command after a kill; while it is made, the file is
FILE.part. Other forms begin anew.

Examples:
  alluvium export --from now-7d -o week.ndjson
  alluvium export 'level:error' --format csv --fields timestamp,event_id,service,message -o errors.csv
  alluvium export --stream nginx --format parquet -o nginx.parquet
  alluvium export --compression zstd --from 2026-01-01T00:00:00Z > january.ndjson.zst
`;

/** `export [QUERY…]`. */
export function makeExportCommand(): Command {
  const command = new Command('export')
    .description('write all events that are found to a file')
    .argument('[query...]', 'which events, in the query language (default: all)');
  addSelectionOptions(command)
    .addOption(
      new Option('--format <name>', 'form of the file')
        .choices(['ndjson', 'json', 'csv', 'parquet'])
        .default('ndjson'),
    )
    .addOption(
      new Option('--compression <name>', 'of the file; of a Parquet file, of its columns').choices([
        'none',
        'gzip',
        'zstd',
      ]),
    )
    .addOption(new Option('--sort <order>', 'oldest or newest first (default: asc)').choices(['asc', 'desc']))
    .option('--fields <names>', 'only these fields, with commas between')
    .option('--no-csv-safe', "leave texts that a spreadsheet takes for formulas without the ' before them")
    .option('-o, --output <file>', 'write to this file (default: standard output)')
    .option('--force', 'write over a file that is there')
    .option('--restart', 'begin anew what could be gone on with')
    .option('-q, --quiet', 'no progress, only errors')
    .option(
      '--retry-for <seconds>',
      'give up when nothing new came for so long',
      wholeNumber(0, 86_400),
      300,
    );
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (query: string[], options: ExportOptions) => {
      const { exportEvents } = await import('./export.run.js');
      await exportEvents(query, options);
    });
}
