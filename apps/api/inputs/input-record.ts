import type { SourceRule } from './source-rules.js';

/** An input as the catalogue keeps it, by its name. */
export interface InputRecord {
  readonly name: string;
  /** Name of its plugin without the kind: `syslog`. */
  readonly kind: string;
  /** As given; the plugin's schema fills in the rest. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly sources: readonly SourceRule[];
  /** Whether it runs while the server does. */
  readonly enabled: boolean;
  /** `settings`: its options are those of the boot settings, at every start anew. */
  readonly from: 'api' | 'settings';
  readonly created_at: string;
  readonly updated_at: string;
}
