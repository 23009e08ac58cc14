import { Command, Option } from 'commander';
import { addSelectionOptions } from '../../client/selection-options.js';
import { addServerOptions } from '../../client/server-place.js';
import { wholeNumber } from '../../output/number-option.js';
import type { SearchOptions } from './search.run.js';

const MORE = `
The query is in the language of docs/guide/query-language.md; several words are joined by spaces. Without --from, the last 24
hours are searched. Levels have colours on a terminal, unless NO_COLOR is set. Signs that act upon a terminal are shown as
escapes (\\x1b), also in JSON (\\u001b).

With --follow, events are shown as they are stored, after the newest ten (--limit). Where they come faster than they are read,
the server leaves some out and says how many. A connection that breaks is made again.

Examples:
  alluvium search 'level:error AND status:[500 TO 599]' --from now-1h
  alluvium search timeout --service checkout --limit 20
  alluvium search --filter region:eu-west-1 --columns timestamp,host,message
  alluvium search 'level:error' --json | jq -r .message
  alluvium search --follow --level error --level fatal
`;

/** `search [QUERY…]`, also with `--follow`. */
export function makeSearchCommand(): Command {
  const command = new Command('search')
    .description('find events, or follow them as they come')
    .argument('[query...]', 'what to look for, in the query language (default: everything)');
  addSelectionOptions(command)
    .option('-n, --limit <count>', 'most events (default: 100; with --follow 10)', wholeNumber(1, 1_000_000))
    .addOption(
      new Option('--sort <order>', 'newest or oldest first (default: desc)').choices(['desc', 'asc']),
    )
    .option('-c, --columns <names>', 'only these fields, with tabs between them: timestamp,host,message')
    .option('--json', 'one JSON object a line')
    .option('-F, --follow', 'show events as they are stored, until Ctrl-C');
  return addServerOptions(command)
    .addHelpText('after', MORE)
    .action(async (query: string[], options: SearchOptions) => {
      const { search } = await import('./search.run.js');
      await search(query, options);
    });
}
