import { TierError } from '#plugin-kit';
import { engineCode, toTierError } from '../engine/error-codes.js';

/** Where the server is and who asks; never the password. */
export interface ServerName {
  readonly url: string;
  readonly user: string;
}

/** READONLY: the user's profile forbids what the statement sets. */
const READ_ONLY = 164;
const NOT_GRANTED = 497;
/** Unknown user, wrong or missing password, and what newer servers say for all of them. */
const NOT_LET_IN = [192, 193, 194, 195, 516];
/** What the server says of a form or an address with a value that is longer than it takes. */
const TOO_LONG = /HTML Form Exception: .*too long|URI.*too long|Too long URI/i;
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|EPROTO/;

/**
 * Says what an error of a server, or of the way to it, means for the caller. Whatever a person has to mend on the server may
 * be mended while this process runs, so it is `unavailable`.
 */
export function toServerError(error: unknown, server: ServerName): TierError {
  if (error instanceof TierError) return error;
  const code = engineCode(error);
  if (code === 0 && TOO_LONG.test(String((error as Error | null)?.message))) return tooLong(error);
  const words = code === 0 ? unreachable(error, server) : refused(code, error, server);
  return words === undefined ? toTierError(error) : new TierError('unavailable', words, error);
}

/** A question with more text than can be sent. */
export function tooLong(cause?: unknown): TierError {
  return new TierError('query', 'The question is too long: ask with fewer or shorter values.', cause);
}

function refused(code: number, error: unknown, { url, user }: ServerName): string | undefined {
  const said = String((error as Error).message).split('\n', 1)[0] ?? '';
  if (NOT_LET_IN.includes(code))
    return `The ClickHouse server at ${url} doesn't let the user ${user} in: set CLICKHOUSE_USER, and CLICKHOUSE_PASSWORD or CLICKHOUSE_PASSWORD_FILE.`;
  if (code === NOT_GRANTED)
    return `The user ${user} of CLICKHOUSE_USER lacks a grant on the ClickHouse server at ${url}: ${said.trim()} The operator's guide lists the grants that it needs.`;
  if (code === READ_ONLY)
    return `The user ${user} of CLICKHOUSE_USER may not write or change settings on the ClickHouse server at ${url}: take readonly out of its profile. ${said.trim()}`;
  return undefined;
}

function unreachable(error: unknown, { url }: ServerName): string {
  const why = reasonOf(error);
  return UNTRUSTED.test(why)
    ? `The certificate of the ClickHouse server at ${url} isn't trusted (${why}): name its authority in CLICKHOUSE_TLS_CA, and the server in CLICKHOUSE_URL as its certificate does.`
    : `The ClickHouse server at ${url} doesn't answer (${why}): see that it runs, and that CLICKHOUSE_URL names it.`;
}

/** The code of the system where there is one; a name that has several addresses fails with an error for each. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return String(code ?? message ?? error).slice(0, 200);
}
