import type { PluginProblem } from '#plugin-kit';
import type { SampleLine } from '#plugin-kit/contract';

/** What the process of a check tells as it goes on. */
export type CheckMessage =
  | { readonly kind: 'problems'; readonly problems: readonly PluginProblem[] }
  | { readonly kind: 'samples'; readonly lines: readonly SampleLine[] }
  | { readonly kind: 'begins'; readonly name: string }
  | { readonly kind: 'checked'; readonly name: string; readonly failure?: string };
