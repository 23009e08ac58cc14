import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { CliError, UsageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';

/** Where a server is asked for, unless something else is said. */
export const DEFAULT_URL = 'http://127.0.0.1:8080';

/** What the options of {@link addServerOptions} hold after commander read them. */
export interface ServerOptions {
  readonly url: string;
  readonly key?: string;
}

/** A server and the key to ask it with. */
export interface ServerPlace {
  /** `http:` or `https:`; its path, if any, stands before those of the API. Never has a key in it. */
  readonly url: URL;
  /** Undefined where none was found. */
  readonly key: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Adds `--url` and `--key`, which every command has that talks to a server. */
export function addServerOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'where the server is').env('ALLUVIUM_URL').default(DEFAULT_URL))
    .addOption(
      new Option(
        '--key <key>',
        'the key to ask with; better by environment, where no list of processes shows it',
      ).env('ALLUVIUM_KEY'),
    );
}

/**
 * Finds the server and the key: the option, then ALLUVIUM_KEY, then the file that ALLUVIUM_KEY_FILE names, then, for a
 * server on this machine, the admin key of the data directory where it can be read. An empty variable counts as not set.
 *
 * @throws UsageError where the address or the key can't be one, or the named file can't be read.
 */
export function readServerPlace(options: ServerOptions, env: Environment = process.env): ServerPlace {
  const url = readUrl(options.url === '' ? DEFAULT_URL : options.url);
  const key = options.key || keyOfFile(env['ALLUVIUM_KEY_FILE']) || localAdminKey(url, env);
  return { url, key: key === undefined ? undefined : checkKey(key.trim()) };
}

/** The same where there must be a key. @throws CliError that says how to give one. */
export function requireServerPlace(options: ServerOptions, env: Environment = process.env): ServerPlace {
  const place = readServerPlace(options, env);
  if (place.key !== undefined) return place;
  throw new CliError(
    `There is no key for ${place.url.origin}.`,
    EXIT.refused,
    "Set ALLUVIUM_KEY, or ALLUVIUM_KEY_FILE to the file that holds it. The first start writes the admin key to admin.key in the server's data directory; on the same machine, ALLUVIUM_DATA_DIR tells where that is.",
  );
}

function readUrl(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new UsageError(`"${text}" is not the address of a server.`, `Give one such as ${DEFAULT_URL}.`);
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      'The address of the server has a name or password in it.',
      'Give the key by ALLUVIUM_KEY.',
    );
  return url;
}

/** A key that can't stand in a header would be shown in parts by whatever complains about it. */
function checkKey(key: string): string {
  if (/^[\x21-\x7e]{1,1000}$/.test(key)) return key;
  throw new UsageError(
    'The key is none: it has spaces or other signs in it.',
    'Look at what ALLUVIUM_KEY or its file holds.',
  );
}

function keyOfFile(path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `The file of the key can not be read: ${path} (${code}).`,
      'Correct ALLUVIUM_KEY_FILE.',
    );
  }
}

/** The key of one's own server goes to this machine only. */
function localAdminKey(url: URL, env: Environment): string | undefined {
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) return undefined;
  try {
    return readFileSync(join(env['ALLUVIUM_DATA_DIR'] || 'data', 'admin.key'), 'utf8');
  } catch {
    return undefined;
  }
}
