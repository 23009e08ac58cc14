import type { Input, InputPlugin } from '#plugin-kit';

/** What inputs are made of; without a manifest where the plugin is gone. */
export type InputSource = Pick<InputPlugin, 'input'> & Partial<Pick<InputPlugin, 'manifest'>>;

/**
 * Keeps a version of an outside plugin at hand that is not in force any more: its files go with the last input that was made of
 * it, so one is made that is never started.
 */
export class HeldVersion {
  readonly #held: Input;

  /** @param make makes an input of the version */
  constructor(
    readonly source: InputSource,
    make: (source: InputSource) => Input,
  ) {
    this.#held = make(source);
  }

  /** Lets the version go. */
  release(): Promise<void> {
    return this.#held.stop();
  }
}
