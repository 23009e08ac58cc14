/** Every step ends in exactly one of these. */
export type StepResult<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** Counted under the policy's name, never stored. */
  | { readonly kind: 'drop'; readonly policy: string };

export const ok = <T>(value: T): StepResult<T> => ({ kind: 'ok', value });

/** A step of the pipeline: works on a block, throws only what a redelivery may mend. */
export type Step<In, Out> = (input: In) => Promise<StepResult<Out>>;
