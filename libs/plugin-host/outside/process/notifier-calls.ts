import type { Notifier, NotifierPlugin } from '#plugin-kit';
import { askServer, type Answerer } from './serve-calls.js';

/** What a notifier answers in its process; the server says whom it may reach, and reads its secrets. */
export function notifierCalls({ notifier }: Pick<NotifierPlugin, 'notifier'>): Answerer {
  let made: Notifier | undefined;
  const mayReach = (address: string): boolean => askServer({ ask: 'may_reach', address }).value === true;
  const readSecret = async (name: string): Promise<string> =>
    String(askServer({ ask: 'secret', name }).value);
  return (call) => {
    if (call.call === 'open') {
      made = notifier.create({ options: call.options, mayReach, readSecret });
      return undefined;
    }
    if (call.call !== 'notify' || !made) throw new Error(`a notifier does not answer to ${call.call}`);
    return made.notify(call.notification, AbortSignal.timeout(call.limitMs));
  };
}
