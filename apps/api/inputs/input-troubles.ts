import { formatTimestamp, nowNs } from '#event-model';
import { InputStartError, type InputLogger } from '#plugin-kit';

/** Milliseconds between two lines in the log about the same. */
const TELL_AGAIN_MS = 10_000;

/** What went wrong last, and what to do about it. */
export interface InputTrouble {
  readonly at: string;
  readonly message: string;
  readonly mend?: string;
}

/** What goes wrong with an input. The log hears of what comes by the thousand once in ten seconds. */
export class InputTroubles {
  /** Undefined where all is well since it was started. */
  last: InputTrouble | undefined;
  readonly #told = new Map<string, number>();

  constructor(
    private readonly logger: InputLogger,
    /** Its name. */
    private readonly input: string,
  ) {}

  note(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const mend = error instanceof InputStartError ? { mend: error.mend } : {};
    this.last = { at: formatTimestamp(nowNs()), message, ...mend };
    if (this.#isNews(codeOf(error)))
      this.logger.warn({ err: error, input: this.input }, 'an input has trouble');
  }

  /** Messages were dropped. @param address of who sent them */
  dropped(reason: string, address: string | undefined): void {
    if (!this.#isNews(reason)) return;
    const fields = { input: this.input, reason, address };
    this.logger.info(fields, 'an input drops messages: its counters say how many');
  }

  /** Whether the log hasn't heard of it for a while: what comes by the thousand is counted, not told one by one. */
  #isNews(what: string): boolean {
    const now = Date.now();
    if (now - (this.#told.get(what) ?? 0) < TELL_AGAIN_MS) return false;
    this.#told.set(what, now);
    return true;
  }
}

/** The code of an error, for counters. */
export function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}
