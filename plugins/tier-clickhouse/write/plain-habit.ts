import type { TierBatch } from '#plugin-kit';

/** Batches that are not tried as plain ones, after one that had too few plain lines. */
const BATCHES_LEFT_ALONE = 15;
/** Reading lines twice costs more than it saves where more than this share of them is not plain. */
const LARGEST_SHARE_OF_OTHERS = 0.1;
/** Far more than there are batches that could still be repeated. */
const TOKENS_KEPT = 1_000;

/**
 * Which batches are tried as plain lines first, by what the stream's last ones were. A batch that is repeated is written
 * the way it was, so that the engine knows it again.
 */
export class PlainHabit {
  readonly #leftAlone = new Map<string, number>();
  readonly #tokens = new Map<string, boolean>();

  tries({ stream, token }: TierBatch): boolean {
    const known = this.#tokens.get(token);
    if (known !== undefined) return known;
    const id = `${stream.tenant}/${stream.name}`;
    const left = this.#leftAlone.get(id) ?? 0;
    if (left > 0) this.#leftAlone.set(id, left - 1);
    return this.#remember(token, left === 0);
  }

  /** What became of a batch that was tried. */
  saw({ stream }: TierBatch, plain: number, rows: number): void {
    const id = `${stream.tenant}/${stream.name}`;
    if (rows - plain > rows * LARGEST_SHARE_OF_OTHERS) this.#leftAlone.set(id, BATCHES_LEFT_ALONE);
    else this.#leftAlone.delete(id);
  }

  #remember(token: string, tries: boolean): boolean {
    this.#tokens.set(token, tries);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > TOKENS_KEPT && oldest !== undefined) this.#tokens.delete(oldest);
    return tries;
  }
}
