import { Inject, Injectable } from '@nestjs/common';
import { Notifiers, type NotifierStatus } from '#notification';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { notifierName, NotifyError } from '#plugin-kit';
import { shownKind } from '../plugins/shown-kind.js';
import { Problem } from '../problems/problem.js';
import { invalidRequest } from '../requests/invalid-request.js';
import { ConditionWatch } from './condition-watch.js';
import type { NotifierRequest, NotifierTest, ShownNotifier, ShownNotifiers } from './notifiers.schema.js';

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** Keeps the notifiers and tries them. */
@Injectable()
export class NotifiersService {
  constructor(
    @Inject(Notifiers) private readonly notifiers: Notifiers,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(ConditionWatch) private readonly watch: ConditionWatch,
  ) {}

  list(): ShownNotifiers {
    return {
      notifiers: this.notifiers.list().map(shown),
      alarms: this.watch.alarms().map(({ condition, since }) => ({
        ...{ ...condition, facts: { ...condition.facts } },
        since,
      })),
      kinds: [...this.plugins.notifiers.values()].map(({ manifest, notifier }) =>
        shownKind(notifierName(manifest), manifest, notifier.options),
      ),
    };
  }

  /** @throws Problem `notifier_not_found` */
  find(name: string): ShownNotifier {
    return shown(this.#status(name));
  }

  /** @throws Problem `notifier_name_invalid`, `notifier_kind_unknown`, `invalid_request`; NotifierError `too_many_notifiers` */
  async put(name: string, { kind, options, severity }: NotifierRequest): Promise<ShownNotifier> {
    if (!NAME.test(name)) throw new Problem('notifier_name_invalid', 'The path holds no name of a notifier.');
    const plugin = this.plugins.notifiers.get(kind);
    if (!plugin) {
      const known = [...this.plugins.notifiers.keys()].join(', ');
      throw new Problem(
        'notifier_kind_unknown',
        `There is no kind of notifier named "${kind}"; known are ${known}.`,
      );
    }
    const read = plugin.notifier.options.safeParse(options);
    if (!read.success)
      throw invalidRequest(
        read.error.issues.map((issue) => ({ ...issue, path: ['options', ...issue.path] })),
      );
    return shown(await this.notifiers.put({ name, kind, options, severity }));
  }

  /** @throws Problem `notifier_not_found` */
  async remove(name: string): Promise<ShownNotifier> {
    const status = this.#status(name);
    await this.notifiers.remove(name);
    return shown(status);
  }

  /** @throws Problem `notifier_not_found` */
  async test(name: string): Promise<NotifierTest> {
    this.#status(name);
    try {
      await this.notifiers.test(name);
      return { delivered: true };
    } catch (error) {
      if (!(error instanceof NotifyError)) throw error;
      const { message, mend } = error;
      return { delivered: false, message, ...(mend !== undefined && { mend }) };
    }
  }

  #status(name: string): NotifierStatus {
    const found = this.notifiers.list().find(({ record }) => record.name === name);
    if (found) return found;
    throw new Problem('notifier_not_found', 'The server has no notifier of this name.');
  }
}

function shown({ record, counts, trouble }: NotifierStatus): ShownNotifier {
  const { name, kind, options, severity, created_at, updated_at } = record;
  return {
    ...{ name, kind, options: { ...options }, severity, counters: { ...counts } },
    ...(trouble && { last_error: { ...trouble } }),
    ...{ created_at, updated_at },
  };
}
