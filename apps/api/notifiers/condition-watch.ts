import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { Alarms, Notifiers, type Alarm } from '#notification';
import { LOGGER } from '#observability';
import { ConditionReader } from './condition-reader.js';

/** Milliseconds between two looks. */
const LOOK_MS = 5_000;

/** Looks again and again at what is wrong, and has the notifiers told. */
@Injectable()
export class ConditionWatch implements OnModuleInit, OnModuleDestroy {
  readonly #alarms: Alarms;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(ConditionReader) private readonly reader: ConditionReader,
    @Inject(Notifiers) notifiers: Notifiers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#alarms = new Alarms(
      (notification) => notifiers.tell(notification),
      () => performance.now(),
    );
  }

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** What is wrong, or was a moment ago. */
  alarms(): readonly Alarm[] {
    return this.#alarms.list();
  }

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    try {
      this.#alarms.update(await this.reader.read());
    } catch (error) {
      this.logger.warn({ err: error }, 'what is wrong can not be told now');
    }
  }
}
