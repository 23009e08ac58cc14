/** Set by `tools/bundle.mjs` in the server's code. */
interface ImportMeta {
  /** Address of the file that a module was put into together with others; undefined where it is one of its own. */
  readonly bundle?: string;
}
