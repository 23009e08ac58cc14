import type { PluginProblem } from '#plugin-kit';

/** A value, or what kept it from being had. */
export type Outcome<T> =
  { readonly value: T; readonly problems?: never } | { readonly problems: readonly PluginProblem[] };

export function ok<T>(value: T): Outcome<T> {
  return { value };
}

export function failed(problems: readonly PluginProblem[]): Outcome<never> {
  return { problems };
}
