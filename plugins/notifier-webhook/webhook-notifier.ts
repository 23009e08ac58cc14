import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { NotifyError, type Notification, type Notifier, type NotifierContext } from '#plugin-kit';
import { checkedLookup, notAllowed } from './checked-lookup.js';
import { readUrl, type WebhookOptions } from './webhook-options.js';

/** Answers that another try may change: timeout, too early, too many. */
const PASSING = new Set([408, 425, 429]);

/** Posts notifications as JSON, each over a connection of its own. Where an answer leads elsewhere, it isn't followed. */
export class WebhookNotifier implements Notifier {
  constructor(private readonly context: NotifierContext<WebhookOptions>) {}

  async notify(notification: Notification, signal: AbortSignal): Promise<void> {
    const url = await this.#url();
    const body = Buffer.from(JSON.stringify(notification));
    const status = await this.#post(url, body, signal);
    if (status >= 200 && status < 300) return;
    const retryable = status >= 500 || PASSING.has(status);
    const mend = retryable ? 'Look at the other side.' : 'Correct the address or the authorization.';
    throw new NotifyError(`The webhook answered ${status}.`, { retryable, mend });
  }

  async close(): Promise<void> {
    // Each connection ends with its request.
  }

  async #url(): Promise<URL> {
    const { url: given, url_file: file } = this.context.options;
    const url = readUrl(given ?? (await this.context.readSecret(file ?? '')));
    if (url) return url;
    throw new NotifyError('The file of the address holds none of http or https.', {
      retryable: false,
      mend: 'Write such as https://alerts.example.org/hook into it.',
    });
  }

  async #post(url: URL, body: Buffer, signal: AbortSignal): Promise<number> {
    const { authorization_file: file } = this.context.options;
    const authorization = file === undefined ? {} : { authorization: await this.context.readSecret(file) };
    const headers = {
      ...{ 'content-type': 'application/json', 'content-length': body.length, 'user-agent': 'Alluvium' },
      ...authorization,
    };
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    // A name is looked up when it is connected to; an address never is.
    if (isIP(host) !== 0 && !this.context.mayReach(host)) throw notAllowed();
    const lookup = checkedLookup((address) => this.context.mayReach(address));
    return send(url, { method: 'POST', headers, agent: false, signal, lookup }, body);
  }
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
  // A header that can't be sent stays so.
  const retryable = !code.startsWith('ERR_INVALID');
  return new NotifyError(`The webhook can't be reached (${code}).`, {
    retryable,
    mend: retryable
      ? 'Look whether the address is right and answers.'
      : 'Correct the file of the authorization.',
    cause,
  });
}
