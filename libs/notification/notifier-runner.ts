import { setTimeout as pause } from 'node:timers/promises';
import {
  NOTIFICATION_SEVERITIES,
  NotifyError,
  type Notification,
  type NotificationSeverity,
  type Notifier,
} from '#plugin-kit';

/** Seconds before the second try and those after it. */
const PAUSES_S = [1, 5, 25, 60, 120];
/** Milliseconds that a try may take. */
const TRY_MS = 10_000;
/** Notifications that may wait for others. */
const MOST_WAITING = 100;
/** Most notifications in so many milliseconds; the next one tells how many were left out. */
const MOST_SENT = 20;
const WINDOW_MS = 10 * 60_000;

/** What a notifier did since the server started. */
export interface NotifierCounts {
  readonly sent: number;
  /** That the other side did not take. */
  readonly failed: number;
  /** Left out: too many at once. */
  readonly left_out: number;
  /** Waiting, the one that is being tried included. */
  readonly waiting: number;
}

/** What went wrong last. */
export interface NotifierTrouble {
  /** RFC 3339. */
  readonly at: string;
  readonly message: string;
  readonly mend?: string;
}

export interface RunnerParts {
  readonly notifier: Notifier;
  /** Less than this isn't told. */
  readonly severity: NotificationSeverity;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Waits; rejects when the signal is given. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly failed: (error: unknown, notification: Notification) => void;
}

/** Tells one notification after the other by one notifier: each up to six times, some at most, none for ever. */
export class NotifierRunner {
  readonly #waiting: Notification[] = [];
  readonly #sentAt: number[] = [];
  readonly #end = new AbortController();
  #counts = { sent: 0, failed: 0, left_out: 0 };
  #leftOut = 0;
  #trouble: NotifierTrouble | undefined;
  #work: Promise<void> | undefined;
  #notifier: Notifier;

  constructor(private readonly parts: RunnerParts) {
    this.#notifier = parts.notifier;
  }

  get counts(): NotifierCounts {
    return { ...this.#counts, waiting: this.#waiting.length };
  }

  get trouble(): NotifierTrouble | undefined {
    return this.#trouble;
  }

  /** Takes a notification, to be told when those before it are; leaves it out where there are too many. */
  offer(notification: Notification): void {
    const least = NOTIFICATION_SEVERITIES.indexOf(this.parts.severity);
    if (NOTIFICATION_SEVERITIES.indexOf(notification.severity) < least || this.#end.signal.aborted) return;
    if (this.#waiting.length >= MOST_WAITING || !this.#mayGo()) {
      this.#leftOut += 1;
      this.#counts.left_out += 1;
      return;
    }
    this.#waiting.push(this.#withLeftOut(notification));
    this.#work ??= this.#run();
  }

  /** One try, at once. @throws NotifyError */
  async test(notification: Notification): Promise<void> {
    const trouble = await this.#tryOnce(notification);
    if (trouble) throw trouble;
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Goes on with another notifier: what is tried with the one before is tried again where that may help. */
  async replace(notifier: Notifier): Promise<void> {
    const before = this.#notifier;
    this.#notifier = notifier;
    await before.close();
  }

  /** Takes note of something that is wrong, until a notification is taken. */
  note(error: unknown): NotifyError {
    const noted =
      error instanceof NotifyError
        ? error
        : new NotifyError('The notifier failed.', { retryable: true, cause: error });
    const { message, mend } = noted;
    this.#trouble = { at: new Date().toISOString(), message, ...(mend !== undefined && { mend }) };
    return noted;
  }

  /** Ends what is under way, forgets what waits, and closes the notifier. */
  async close(): Promise<void> {
    this.#end.abort();
    this.#waiting.length = 0;
    await this.#work;
    await this.#notifier.close();
  }

  #mayGo(): boolean {
    const now = this.parts.now();
    while (this.#sentAt.length > 0 && now - (this.#sentAt[0] ?? 0) > WINDOW_MS) this.#sentAt.shift();
    if (this.#sentAt.length >= MOST_SENT) return false;
    this.#sentAt.push(now);
    return true;
  }

  #withLeftOut(notification: Notification): Notification {
    if (this.#leftOut === 0) return notification;
    const facts = { ...notification.facts, left_out: this.#leftOut };
    this.#leftOut = 0;
    return { ...notification, facts };
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      await this.#tell(next);
      this.#waiting.shift();
    }
    this.#work = undefined;
  }

  async #tell(notification: Notification): Promise<void> {
    let trouble = await this.#tryOnce(notification);
    for (const seconds of PAUSES_S) {
      if (!trouble?.retryable || !(await this.#waits(seconds))) break;
      trouble = await this.#tryOnce(notification);
    }
    if (this.#end.signal.aborted) return;
    if (!trouble) this.#counts.sent += 1;
    else {
      this.#counts.failed += 1;
      this.parts.failed(trouble, notification);
    }
  }

  /** False where the end came first. */
  async #waits(seconds: number): Promise<boolean> {
    const { wait = waitFor } = this.parts;
    const { signal } = this.#end;
    return wait(seconds * 1_000, signal).then(
      () => !signal.aborted,
      () => false,
    );
  }

  /** What went wrong; undefined where nothing did. */
  async #tryOnce(notification: Notification): Promise<NotifyError | undefined> {
    try {
      await this.#try(notification);
      this.#trouble = undefined;
      return undefined;
    } catch (error) {
      return this.note(error);
    }
  }

  async #try(notification: Notification): Promise<void> {
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(TRY_MS)]);
    await this.#notifier.notify(notification, signal);
  }
}

async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal, ref: false });
}
