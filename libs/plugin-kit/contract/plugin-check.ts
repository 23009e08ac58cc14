/** Something that a plugin must hold. */
export interface PluginCheck {
  readonly name: string;
  /** Throws, or rejects, where it doesn't. */
  run(): void | Promise<void>;
}
