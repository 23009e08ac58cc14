import { deepStrictEqual, ok, rejects, strictEqual, throws } from 'node:assert/strict';
import { NotifyError, type Notification, type Notifier } from '#plugin-kit';
import {
  NOTIFICATIONS,
  notifierContext,
  type NotifierCase,
  type NotifierHarness,
  type NotifierReceiver,
} from './contract-case.js';

const [FIRST] = NOTIFICATIONS as readonly [Notification, ...Notification[]];
/** Milliseconds until a call is ended, and in which it has to be over then. */
const END_MS = 200;
const SOON_MS = 2_000;

/** A signal that nobody gives. */
const never = (): AbortSignal => new AbortController().signal;

async function withNotifier(
  { notifier, start }: NotifierHarness,
  use: (made: Notifier, receiver: NotifierReceiver) => Promise<void>,
  mayReach?: (address: string) => boolean,
): Promise<void> {
  const receiver = await start();
  const made = notifier.create(notifierContext(receiver.options, mayReach));
  try {
    await use(made, receiver);
  } finally {
    await made.close();
    await receiver.stop();
  }
}

async function failsWith(work: Promise<void>, retryable: boolean): Promise<void> {
  await rejects(work, (error) => {
    ok(error instanceof NotifyError, `It failed with ${String(error)}.`);
    strictEqual(error.retryable, retryable);
    return true;
  });
}

/** What every notifier must keep. */
export const NOTIFIER_CASES: readonly NotifierCase[] = [
  {
    promise: 'options',
    name: 'refuses options that it does not know',
    run: async ({ notifier, start }) => {
      const receiver = await start();
      await receiver.stop();
      throws(() => notifier.create(notifierContext({ ...receiver.options, no_such_option: 1 })));
    },
  },
  {
    promise: 'deliver',
    name: 'carries each notification once, whole and in order',
    run: (harness) =>
      withNotifier(harness, async (made, receiver) => {
        for (const one of NOTIFICATIONS) await made.notify(one, never());
        deepStrictEqual(receiver.received, NOTIFICATIONS);
      }),
  },
  {
    promise: 'errors',
    name: 'says that trouble may pass where the other side is busy or not there, and goes on when it is over',
    run: (harness) =>
      withNotifier(harness, async (made, receiver) => {
        receiver.answer = 'busy';
        await failsWith(made.notify(FIRST, never()), true);
        strictEqual(receiver.received.length, 1);
        receiver.answer = 'takes';
        await made.notify(FIRST, never());
        await receiver.stop();
        await failsWith(made.notify(FIRST, never()), true);
      }),
  },
  {
    promise: 'errors',
    name: 'says that another try is of no use where the other side refuses',
    run: (harness) =>
      withNotifier(harness, async (made, receiver) => {
        receiver.answer = 'refuses';
        await failsWith(made.notify(FIRST, never()), false);
      }),
  },
  {
    promise: 'bounded',
    name: 'ends soon when it is told to, where the other side says nothing',
    run: (harness) =>
      withNotifier(harness, async (made, receiver) => {
        receiver.answer = 'silent';
        const started = Date.now();
        await failsWith(made.notify(FIRST, AbortSignal.timeout(END_MS)), true);
        ok(Date.now() - started < SOON_MS, 'It took too long.');
      }),
  },
  {
    promise: 'reach',
    name: 'asks about each address that it connects to, and leaves those alone that it may not reach',
    run: async (harness) => {
      const asked: string[] = [];
      const note = (answer: boolean) => (address: string) => (asked.push(address), answer);
      await withNotifier(harness, async (made) => made.notify(FIRST, never()), note(true));
      ok(asked.includes('127.0.0.1') || asked.includes('::1'), `It asked about ${asked.join(', ')}.`);
      await withNotifier(
        harness,
        async (made, receiver) => {
          await failsWith(made.notify(FIRST, never()), false);
          strictEqual(receiver.received.length, 0);
        },
        note(false),
      );
    },
  },
  {
    promise: 'close',
    name: 'may be closed before it is used, and twice',
    run: async ({ notifier, start }) => {
      const receiver = await start();
      const made = notifier.create(notifierContext(receiver.options));
      await made.close();
      await made.close();
      await receiver.stop();
    },
  },
];
