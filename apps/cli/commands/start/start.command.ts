import { Command } from 'commander';
import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';

const MORE = `
It takes no options: everything is set by environment variables and, where ALLUVIUM_CONFIG names one, by a YAML file.
A variable wins over the file, the file over the default. NAME_FILE names a file that holds the value of NAME, as
container secrets do. All mistakes are listed at once, and nothing else is done then.

Most used:
  ALLUVIUM_DATA_DIR       where everything durable lies (./data)
  ALLUVIUM_HTTP_HOST      address to listen on (127.0.0.1; 0.0.0.0 for all)
  ALLUVIUM_HTTP_PORT      port to listen on (8080; 0 takes a free one and prints it)
  ALLUVIUM_CONFIG         a YAML file of settings (none)
  ALLUVIUM_ADMIN_KEY      the first start makes an admin key in DATA_DIR/admin.key, unless one is given here
  ALLUVIUM_MEMORY_LIMIT   memory to get by with (that of the container or the machine)
  ALLUVIUM_TLS_CERT, ALLUVIUM_TLS_KEY   PEM files, to serve HTTPS
  ALLUVIUM_LOG_LEVEL      least level of the server's own log (info)
docs/reference/settings.md lists every setting.

Examples:
  alluvium start
  ALLUVIUM_DATA_DIR=/var/lib/alluvium ALLUVIUM_HTTP_HOST=0.0.0.0 alluvium start
  ALLUVIUM_CONFIG=/etc/alluvium.yaml alluvium start

It ends in order at SIGTERM and SIGINT (Ctrl-C); a second signal ends it at once, and loses nothing that was acknowledged.
`;

/** Only its help is given here: the launcher starts the server itself, with what must be set before Node runs. */
export function makeStartCommand(): Command {
  return new Command('start')
    .description('start the server: api, worker and scheduler in one process')
    .addHelpText('after', MORE)
    .action(() => {
      throw new CliError(
        'The server has to be started by the launcher.',
        EXIT.usage,
        'Run bin/alluvium start: it sets what the engines need before Node runs.',
      );
    });
}
