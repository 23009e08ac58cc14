import {
  NotifyError,
  postNotification,
  type Notification,
  type Notifier,
  type NotifierContext,
} from '#plugin-kit';
import { readUrl, type WebhookOptions } from './webhook-options.js';

/** Posts notifications as JSON, each over a connection of its own. Where an answer leads elsewhere, it isn't followed. */
export class WebhookNotifier implements Notifier {
  constructor(private readonly context: NotifierContext<WebhookOptions>) {}

  async notify(notification: Notification, signal: AbortSignal): Promise<void> {
    const url = await this.#url();
    const { authorization_file: file } = this.context.options;
    const authorization = file === undefined ? {} : { authorization: await this.context.readSecret(file) };
    const headers = { 'content-type': 'application/json', ...authorization };
    await postNotification(this.context, { url, headers, body: JSON.stringify(notification) }, signal);
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
}
