import { NotifyError, type Notification, type NotifierContext, type NotifierDeclaration } from '#plugin-kit';

/** How the other side answers: it takes, has trouble that passes, refuses for good, or says nothing. */
export type ReceiverAnswer = 'takes' | 'busy' | 'refuses' | 'silent';

/** The other side, on the loopback network. */
export interface NotifierReceiver {
  /** With which a notifier speaks to it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What it was sent, whatever it answered. */
  readonly received: readonly Notification[];
  answer: ReceiverAnswer;
  stop(): Promise<void>;
}

/** A notifier under test, and whom it tells. */
export interface NotifierHarness {
  readonly notifier: NotifierDeclaration;
  start(): Promise<NotifierReceiver>;
}

/** Which sentence of the contract a case holds a notifier to. */
export type NotifierPromise = 'options' | 'deliver' | 'errors' | 'bounded' | 'reach' | 'close';

export interface NotifierCase {
  readonly promise: NotifierPromise;
  readonly name: string;
  /** Throws where the promise is broken. */
  run(harness: NotifierHarness): Promise<void>;
}

/** What a host would give it, without secrets. */
export function notifierContext(
  options: unknown,
  mayReach: (address: string) => boolean = () => true,
): NotifierContext<unknown> {
  const none = new NotifyError('The contract has no secrets.', { retryable: false });
  return { options, mayReach, readSecret: () => Promise.reject(none) };
}

/** Notifications of all sorts, with texts that are hard to carry. */
export const NOTIFICATIONS: readonly Notification[] = (['raised', 'cleared', 'test'] as const).map(
  (status, n) => ({
    id: `00000000-0000-4000-8000-00000000000${n}`,
    time: '2026-11-21T12:00:00.000Z',
    status,
    kind: 'disk_reserve',
    key: 'disk_reserve',
    severity: 'critical',
    title: `The disk is full: "<b>${n}</b>"`,
    text: 'First line\nsecond line\r\n\r\n\u2028 \u{1f680} {{x}} $(x) \\',
    facts: { free_bytes: 5, path: '/data', 'a.b': 'x' },
  }),
);
