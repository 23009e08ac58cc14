import type {
  EnrichedFields,
  EnricherContext,
  EnricherData,
  EnricherPlugin,
  PluginManifest,
} from '#plugin-kit';

/** What is known of some values, in their order. */
export type EnricherAnswers = readonly (EnrichedFields | undefined)[];

/** An enricher as the host has it: a built-in one answers at once, one from outside when its process has. */
export interface HostedEnricher {
  /** @throws EnricherDataError */
  open(): Promise<EnricherData>;
  /** Undefined where it can't be asked now, and that is known and told already. What is thrown is a failure. */
  enrich(values: readonly string[]): EnricherAnswers | Promise<EnricherAnswers | undefined>;
  close(): void;
  /** Since when it is out of work, and why; undefined while it works. */
  readonly takenOut?: TakenOut | undefined;
}

/** The end of something that failed again and again. */
export interface TakenOut {
  /** RFC 3339. */
  readonly at: string;
  readonly why: string;
}

/** An enricher plugin as the host has it. */
export interface HostedEnricherPlugin {
  readonly manifest: PluginManifest;
  readonly enricher: Pick<EnricherPlugin['enricher'], 'options'> & {
    create(context: EnricherContext<unknown>): HostedEnricher;
  };
}
