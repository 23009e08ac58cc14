import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LOGGER } from '#observability';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { InputStartError } from '#plugin-kit';
import type { InputSource } from './held-version.js';
import { InputIntake } from './input-intake.js';
import { InputMetrics } from './input-metrics.js';
import type { InputRecord } from './input-record.js';
import { InputRunner } from './input-runner.js';

/** Makes what runs an input, and has it measured. */
@Injectable()
export class InputRunners {
  constructor(
    @Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry,
    @Inject(InputIntake) private readonly intake: InputIntake,
    @Inject(InputMetrics) private readonly metrics: InputMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param failed called when it listens no more though nobody stopped it */
  make(record: InputRecord, failed: () => void): InputRunner {
    const missing = missingPlugin(record.kind);
    const plugin = (): InputSource => this.plugins.inputs.get(record.kind) ?? missing;
    const { intake, logger } = this;
    const runner = new InputRunner(record, { plugin, intake, logger, failed });
    this.metrics.watch(runner);
    return runner;
  }

  /** Calls back when kinds of inputs came, went or were changed. */
  onKinds(listener: () => void): void {
    this.plugins.onOutside(listener);
  }

  /** It is measured no more. */
  forget(runner: InputRunner): void {
    this.metrics.forget(runner);
  }
}

/** Stands for a plugin that was taken away: its inputs fail, and say why. */
function missingPlugin(kind: string): InputSource {
  const create = (): never => {
    throw new InputStartError(
      `No plugin brings inputs of the kind "${kind}".`,
      'Install it again, or delete the input.',
    );
  };
  return { input: { options: z.unknown(), create } };
}
