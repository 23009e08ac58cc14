import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import {
  defineNotifier,
  NotifyError,
  type Notification,
  type Notifier,
  type NotifierContext,
  type NotifierDeclaration,
} from '#plugin-kit';
import type { NotifierHarness, NotifierPromise, NotifierReceiver, ReceiverAnswer } from './contract-case.js';

const OPTIONS = z.strictObject({ port: z.number() });

type Context = NotifierContext<z.output<typeof OPTIONS>>;

const STATUS: Readonly<Record<Exclude<ReceiverAnswer, 'silent'>, number>> = {
  takes: 200,
  busy: 503,
  refuses: 400,
};

/** Takes notifications as JSON over HTTP. */
export async function startReceiver(): Promise<NotifierReceiver & { readonly port: number }> {
  const received: Notification[] = [];
  const receiver = {
    received,
    answer: 'takes' as ReceiverAnswer,
    port: 0,
    options: {},
    stop: async () => {},
  };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    received.push(JSON.parse(Buffer.concat(parts).toString()) as Notification);
    if (receiver.answer !== 'silent') response.writeHead(STATUS[receiver.answer]).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(receiver, { port, options: { port }, stop });
}

/** Parts of a sound notifier over HTTP, which each seeded bug spoils in one way. */
class PostNotifier implements Notifier {
  constructor(readonly context: Context) {}

  async notify(notification: Notification, signal: AbortSignal): Promise<void> {
    if (!this.context.mayReach('127.0.0.1')) throw this.failure('It may not be reached.', false);
    const status = await this.post(JSON.stringify(notification), signal).catch((cause: unknown) => {
      throw this.failure(`It can't be reached: ${String(cause)}.`, true);
    });
    if (status !== 200) throw this.failure(`It answered ${status}.`, status >= 500);
  }

  failure(message: string, retryable: boolean): Error {
    return new NotifyError(message, { retryable });
  }

  async post(body: string, signal: AbortSignal): Promise<number> {
    const url = `http://127.0.0.1:${this.context.options.port}/`;
    const answer = await fetch(url, { method: 'POST', body, signal, headers: { connection: 'close' } });
    return answer.status;
  }

  async close(): Promise<void> {}
}

function notifierOf(
  spoil: (notifier: PostNotifier) => Partial<PostNotifier> = () => ({}),
): NotifierDeclaration {
  return defineNotifier(OPTIONS, (context) => {
    const notifier = new PostNotifier(context);
    return Object.assign(notifier, spoil(notifier));
  });
}

/** A harness for a notifier over HTTP. */
export function postHarness(notifier: NotifierDeclaration): NotifierHarness {
  return { notifier, start: startReceiver };
}

export const SOUND_NOTIFIER: NotifierDeclaration = notifierOf();

interface SeededNotifierBug {
  readonly bug: string;
  /** The promise of which at least one case must fail. */
  readonly breaks: NotifierPromise;
  readonly notifier: NotifierDeclaration;
}

const { prototype: sound } = PostNotifier;

/** One fault each, and the promise that the contract must find broken. */
export const SEEDED_NOTIFIER_BUGS: readonly SeededNotifierBug[] = [
  {
    bug: 'takes any option',
    breaks: 'options',
    notifier: { ...SOUND_NOTIFIER, create: (context) => new PostNotifier(context as Context) },
  },
  {
    bug: 'sends twice',
    breaks: 'deliver',
    notifier: notifierOf((own) => ({
      post: async (body, signal) => {
        await sound.post.call(own, body, signal);
        return sound.post.call(own, body, signal);
      },
    })),
  },
  {
    bug: 'leaves facts out',
    breaks: 'deliver',
    notifier: notifierOf((own) => ({
      notify: (one, signal) => sound.notify.call(own, { ...one, facts: {} }, signal),
    })),
  },
  {
    bug: 'does not look at the answer',
    breaks: 'errors',
    notifier: notifierOf((own) => ({
      post: async (body, signal) => {
        await sound.post.call(own, body, signal);
        return 200;
      },
    })),
  },
  {
    bug: 'calls every trouble passing',
    breaks: 'errors',
    notifier: notifierOf((own) => ({ failure: (message) => sound.failure.call(own, message, true) })),
  },
  {
    bug: 'throws what the system threw',
    breaks: 'errors',
    notifier: notifierOf(() => ({ failure: (message) => new Error(message) })),
  },
  {
    bug: 'waits for ever',
    breaks: 'bounded',
    notifier: notifierOf((own) => ({
      notify: (one) => sound.notify.call(own, one, AbortSignal.timeout(5_000)),
    })),
  },
  {
    bug: 'asks nobody where it may go',
    breaks: 'reach',
    notifier: notifierOf((own) => {
      const context = { ...own.context, mayReach: () => true };
      return { notify: (one, signal) => sound.notify.call(new PostNotifier(context), one, signal) };
    }),
  },
  {
    bug: 'can be closed once',
    breaks: 'close',
    notifier: notifierOf(() => {
      let isClosed = false;
      return {
        close: async () => {
          if (isClosed) throw new Error('closed');
          isClosed = true;
        },
      };
    }),
  },
];
