import {
  manifestOptions,
  NotifyError,
  type Notification,
  type Notifier,
  type NotifierContext,
  type NotifierPlugin,
  type PluginManifest,
} from '#plugin-kit';
import type { OutsideObject, Reply } from './outside-object.js';
import type { OutsideObjects } from './outside-objects.js';
import { PluginEnded } from './plugin-process.js';
import type { Ask } from './process/messages.js';

/** An outside plugin's notifiers, for whoever asks for one. */
export function outsideNotifier(manifest: PluginManifest, objects: OutsideObjects): NotifierPlugin {
  const options = manifestOptions(manifest);
  const create = (context: NotifierContext<unknown>): Notifier => {
    const checked = options.parse(context.options);
    const object = objects.make({ options: checked, answer: (ask) => answerOf(context, ask) });
    return new OutsideNotifier(object, objects.parts.budgets.notifyMs);
  };
  return { kind: 'notifier', manifest, notifier: { options, create } };
}

async function answerOf(context: NotifierContext<unknown>, ask: Ask): Promise<Reply> {
  if (ask.ask === 'may_reach') return { value: context.mayReach(String(ask.address)) };
  if (ask.ask === 'secret') return { value: await context.readSecret(String(ask.name)) };
  throw new Error(`a notifier gets no ${ask.ask}`);
}

/** A notifier in a process of its own, which runs from its first notification on. */
class OutsideNotifier implements Notifier {
  constructor(
    private readonly object: OutsideObject,
    private readonly limitMs: number,
  ) {}

  async notify(notification: Notification, signal: AbortSignal): Promise<void> {
    const interrupt = (): void => this.object.interrupt('it was not done in time');
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      signal.throwIfAborted();
      if (!this.object.isOpen) await this.object.open();
      signal.throwIfAborted();
      await this.object.call({ call: 'notify', notification, limitMs: this.limitMs });
    } catch (error) {
      throw notifyErrorOf(error);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  async close(): Promise<void> {
    await this.object.close();
  }
}

/** What a plugin throws may hold secrets: it goes to the log alone. */
function notifyErrorOf(cause: unknown): NotifyError {
  if (cause instanceof NotifyError) return cause;
  if (cause instanceof PluginEnded)
    return new NotifyError(`The plugin of the notifier failed: ${cause.message}.`, {
      retryable: true,
      mend: 'Mend the plugin; GET /api/v1/plugins says more.',
      cause,
    });
  return new NotifyError('The notifier failed.', { retryable: true, mend: 'Mend its plugin.', cause });
}
