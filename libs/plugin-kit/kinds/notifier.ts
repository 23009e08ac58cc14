import { AlluviumError } from '#event-model';
import type { z } from 'zod';
import type { PluginManifest } from '../manifest.js';
import type { PluginProblem } from '../plugin-problem.js';

/** How bad it is: `critical` means that events are refused or missing. */
export const NOTIFICATION_SEVERITIES = ['info', 'warning', 'critical'] as const;
export type NotificationSeverity = (typeof NOTIFICATION_SEVERITIES)[number];

/** Something that people shall know. */
export interface Notification {
  /** A UUID, the same at every try: whoever gets one twice knows by it. */
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
  /** `raised`: it is so. `cleared`: it is over. `test`: somebody tries the notifier. */
  readonly status: 'raised' | 'cleared' | 'test';
  /** Stable, a-z and _: what it is about, such as `disk_reserve`. */
  readonly kind: string;
  /** The same for `raised` and `cleared` of one thing, such as `input_failed/office`. */
  readonly key: string;
  readonly severity: NotificationSeverity;
  /** A few words. */
  readonly title: string;
  /** What is so, and what mends it. */
  readonly text: string;
  readonly facts: Readonly<Record<string, string | number>>;
}

/** All that a notifier gets from the host. */
export interface NotifierContext<Options> {
  readonly options: Options;
  /**
   * Whether it may connect to an address. It has to ask for the address that a name stands for, when it connects: a name may
   * stand for another one the next time.
   *
   * @param address IPv4 or IPv6
   */
  mayReach(address: string): boolean;
  /**
   * Reads a secret, such as a token, from a file that an option names, without a folder; white space at its ends is left out.
   *
   * @throws NotifyError where it can't be read
   */
  readSecret(name: string): Promise<string>;
}

/**
 * Tells people, by one way. The host tries again what failed and may pass, one notification after the other.
 *
 * Lifecycle: `create` does nothing that must be undone; `notify` may be called until `close`, which gives everything back, is
 * idempotent, and legal before.
 */
export interface Notifier {
  /**
   * Resolves when the other side has taken it.
   *
   * @param signal ends it: it rejects soon
   * @throws NotifyError
   */
  notify(notification: Notification, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What a notifier plugin brings. Make it with {@link defineNotifier}. */
export interface NotifierDeclaration {
  /** What its options hold; documented by `describe`, defaults filled in. They are shown: secrets are in files. */
  readonly options: z.ZodType;
  /** `context.options` is checked by `options` first. @throws ZodError */
  create(context: NotifierContext<unknown>): Notifier;
}

/** A notifier from the schema of its options and what makes it of checked ones. */
export function defineNotifier<S extends z.ZodType>(
  options: S,
  create: (context: NotifierContext<z.output<S>>) => Notifier,
): NotifierDeclaration {
  return {
    options,
    create: (context) => create({ ...context, options: options.parse(context.options) }),
  };
}

/** A notification was not taken. Code `notify_failed`; the message holds no secret and nothing of the other side's answer. */
export class NotifyError extends AlluviumError {
  readonly mend: string | undefined;

  /** @param retryable whether the same may be taken later */
  constructor(
    message: string,
    options: { readonly retryable: boolean; readonly mend?: string; readonly cause?: unknown },
  ) {
    super(message, { code: 'notify_failed', retryable: options.retryable, cause: options.cause });
    this.mend = options.mend;
  }
}

/** The name by which admins ask for a notifier: that of its plugin, without the kind. */
export function notifierName(manifest: Pick<PluginManifest, 'name'>): string {
  return manifest.name.replace(/^notifier-/, '');
}

/** What keeps a notifier plugin from being loaded; empty where nothing does. */
export function notifierProblems(notifier: unknown): readonly PluginProblem[] {
  const parts =
    typeof notifier === 'object' && notifier !== null ? (notifier as Record<string, unknown>) : {};
  const problems: PluginProblem[] = [];
  const options = parts['options'] as { readonly safeParse?: unknown } | undefined;
  if (typeof options?.safeParse !== 'function')
    problems.push({ what: 'notifier.options is no schema', mend: 'give a zod schema to defineNotifier' });
  if (typeof parts['create'] !== 'function')
    problems.push({ what: 'notifier.create is no function', mend: 'make the notifier with defineNotifier' });
  return problems;
}
