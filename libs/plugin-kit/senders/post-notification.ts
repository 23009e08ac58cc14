import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { NotifyError, type NotifierContext } from '../kinds/notifier.js';
import { checkedLookup, notAllowed } from './checked-lookup.js';

/** What a notifier sends. */
export interface NotificationPost {
  /** http or https. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** In UTF-8. */
  readonly body: string;
}

/** Answers that another try may change: timeout, too early, too many. */
const PASSING = new Set([408, 425, 429]);

/**
 * Sends by HTTP POST, over a connection of its own, and resolves when the answer is 2xx. The host is asked about each address
 * that is connected to, redirections are not followed, certificates are verified, and the body of the answer is not read.
 *
 * @param signal ends it
 * @throws NotifyError where the address may not be reached, can't be, or answers otherwise; 408, 425, 429 and 5xx may pass
 */
export async function postNotification(
  context: Pick<NotifierContext<unknown>, 'mayReach'>,
  { url, headers, body }: NotificationPost,
  signal: AbortSignal,
): Promise<void> {
  const mayReach = (address: string): boolean => context.mayReach(address);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // A name is looked up when it is connected to; an address never is.
  if (isIP(host) !== 0 && !mayReach(host)) throw notAllowed([host]);
  const bytes = Buffer.from(body);
  const all = { 'content-length': bytes.length, 'user-agent': 'Alluvium', ...headers };
  const lookup = checkedLookup(mayReach);
  const status = await send(url, { method: 'POST', headers: all, agent: false, signal, lookup }, bytes);
  if (status >= 200 && status < 300) return;
  const retryable = status >= 500 || PASSING.has(status);
  const mend = retryable ? 'Look at the other side.' : 'Correct the address or the authorization.';
  throw new NotifyError(`The other side answered ${status}.`, { retryable, mend });
}

/** The status of the answer; the rest of it is not read. @throws NotifyError */
function send(url: URL, options: RequestOptions, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage): void => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    };
    try {
      const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = make(url, options, onAnswer);
      request.on('error', (error) => reject(toNotifyError(error)));
      request.end(body);
    } catch (error) {
      reject(toNotifyError(error));
    }
  });
}

function toNotifyError(cause: unknown): NotifyError {
  if (cause instanceof NotifyError) return cause;
  const code = (cause as { readonly code?: string } | null)?.code ?? 'unknown';
  // What can't be sent stays so.
  const retryable = !code.startsWith('ERR_INVALID');
  return new NotifyError(`The other side can't be reached (${code}).`, {
    retryable,
    mend: retryable
      ? 'Look whether the address is right and answers.'
      : 'Correct the address or the authorization.',
    cause,
  });
}
