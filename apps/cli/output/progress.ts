/** Where progress is written: `process.stderr`, or what stands for it in a test. */
export interface ProgressScreen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** The line as it is now, safe for a terminal. */
  readonly render: () => string;
  /** Default: stderr. */
  readonly screen?: ProgressScreen;
  /** Nothing but notes is written then. */
  readonly quiet?: boolean;
}

/** Milliseconds between two states of a line that is written over, and between two lines that are kept. */
const DRAW_MS = 200;
const LINE_MS = 5_000;
const CLEAR = '\r\u001b[K';

/**
 * Tells how far something is: on a terminal one line that is written over, elsewhere a line every few seconds. `end` must be
 * called.
 */
export class Progress {
  readonly #screen: ProgressScreen;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #draws: boolean;

  constructor(private readonly options: ProgressOptions) {
    this.#screen = options.screen ?? process.stderr;
    this.#draws = this.#screen.isTTY === true && options.quiet !== true;
    const everyMs = this.#draws ? DRAW_MS : LINE_MS;
    this.#timer = options.quiet === true ? undefined : setInterval(() => this.#show(), everyMs).unref();
  }

  /** Writes a line that stays; `text` must be safe for a terminal. */
  note(text: string): void {
    this.#screen.write(`${this.#draws ? CLEAR : ''}${text}\n`);
    if (this.#draws) this.#show();
  }

  /** Takes the line away. Idempotent. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#draws) this.#screen.write(CLEAR);
  }

  #show(): void {
    const line = this.options.render();
    // A line that is wider than the terminal could not be taken away.
    if (this.#draws) this.#screen.write(CLEAR + line.slice(0, (this.#screen.columns ?? 80) - 1));
    else this.#screen.write(`${line}\n`);
  }
}
