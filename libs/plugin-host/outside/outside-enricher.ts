import { z } from 'zod';
import {
  EnricherDataError,
  manifestOptions,
  type EnricherContext,
  type EnricherData,
  type PluginManifest,
} from '#plugin-kit';
import type {
  EnricherAnswers,
  HostedEnricher,
  HostedEnricherPlugin,
  TakenOut,
} from '../enrichers/hosted-enricher.js';
import { NotOpen, type OutsideObject, type Reply } from './outside-object.js';
import type { OutsideObjects } from './outside-objects.js';
import type { Ask } from './process/messages.js';

/** Bytes of a file that a plugin may have: it holds them beside what it makes of them. */
const MOST_FILE_BYTES = 128 * 2 ** 20;

const dataSchema = z.object({
  title: z.string().min(1).max(200),
  entries: z.number().nonnegative().optional(),
  built_at: z.string().max(64).optional(),
});

/** An outside plugin's enrichers, for whoever asks for one. */
export function outsideEnricher(manifest: PluginManifest, objects: OutsideObjects): HostedEnricherPlugin {
  const options = manifestOptions(manifest);
  const create = (context: EnricherContext<unknown>): HostedEnricher => {
    const checked = options.parse(context.options);
    return new OutsideEnricher(objects.make({ options: checked, answer: (ask) => answerOf(context, ask) }));
  };
  return { manifest, enricher: { options, create } };
}

async function answerOf({ readFile }: EnricherContext<unknown>, ask: Ask): Promise<Reply> {
  if (ask.ask !== 'file') throw new Error(`an enricher gets no ${ask.ask}`);
  const most = Number.isFinite(ask.most) ? ask.most : MOST_FILE_BYTES;
  return { bytes: await readFile(String(ask.name), Math.min(most, MOST_FILE_BYTES)) };
}

/**
 * An enricher in a process of its own. While that is made anew, events go on without what it knows: they wait for none of
 * its troubles longer than for one call.
 */
class OutsideEnricher implements HostedEnricher {
  #comingBack = false;

  constructor(private readonly object: OutsideObject) {}

  get takenOut(): TakenOut | undefined {
    return this.object.takenOut;
  }

  async open(): Promise<EnricherData> {
    const data = dataSchema.safeParse(await this.object.open());
    if (data.success) return data.data as EnricherData;
    const what = 'Its plugin does not say what it opened.';
    throw new EnricherDataError([{ option: 'kind', what, mend: 'Mend the plugin.' }], data.error);
  }

  async enrich(values: readonly string[]): Promise<EnricherAnswers | undefined> {
    try {
      // Not behind an opening under way: that may take its time.
      if (!this.object.isOpen) return undefined;
      const answers = (await this.object.call({ call: 'enrich', values })) as EnricherAnswers;
      return Array.isArray(answers) ? answers.map((answer) => answer ?? undefined) : answers;
    } catch (error) {
      if (error instanceof NotOpen) return undefined;
      throw error;
    } finally {
      this.#comeBack();
    }
  }

  close(): void {
    void this.object.close();
  }

  /** Makes it anew behind everybody's back, where it ended and is not taken out. */
  #comeBack(): void {
    const { isOpen, isClosed, suspended } = this.object;
    if (isOpen || isClosed || suspended !== undefined || this.#comingBack) return;
    this.#comingBack = true;
    void this.open()
      .catch((error: unknown) => {
        // Its data may be broken meanwhile: that is told by whoever opens it for a new file.
        if (error instanceof EnricherDataError) this.object.strike(error.message);
      })
      .finally(() => {
        this.#comingBack = false;
        this.#comeBack();
      });
  }
}
