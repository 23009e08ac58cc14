import type { Block, BlockHeader } from '#event-model';
import { AUTO_PARSER } from '#plugin-kit';
import { canonicalLine } from '../parsers/canonical-line.js';
import type { Verdict } from '../parsers/verdict.js';
import type { OpenedVersion } from '../versions/parser-versions.js';
import { compareCanonical, type LineComparison } from './compare-lines.js';
import { sampleLines, type SampledLine } from './sampled-lines.js';
import {
  shownDifference,
  type DifferentLine,
  type Redact,
  type ShadowDifference,
} from './shadow-difference.js';

/** Of a thousand milliseconds of the server, how many a shadow works at most. */
const SHARE_OF_TIME = 100;
const KEPT_DIFFERENCES = 20;

/** What a shadow is to look at. */
export interface ShadowOrder {
  readonly tenant: string;
  readonly parser: string;
  /** Id of the version that is tried. */
  readonly version: string;
  /** Streams of the tenant; all where it is absent. */
  readonly streams?: readonly string[];
  /** How many of a thousand lines, 1 to 1,000. */
  readonly perMille: number;
}

/** What a shadow saw. */
export interface ShadowCounts {
  /** Lines that were compared, which the next four add up to. */
  readonly compared: number;
  readonly equal: number;
  readonly changed: number;
  readonly newly_read: number;
  readonly newly_refused: number;
  /** Blocks of which nothing was compared, since the shadow was at work or had its share of time. */
  readonly passed_over_blocks: number;
  /** Lines at which it failed; they count as refused. */
  readonly failed: number;
}

/** What is told of a shadow. */
export interface ShadowState extends ShadowOrder {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Why it compares nothing any more; absent while it does. */
  readonly stoppedBecause?: string;
  readonly counts: ShadowCounts;
  /** The newest 20, the last one first. */
  readonly differences: readonly ShadowDifference[];
}

export interface ShadowParts {
  readonly id: string;
  readonly opened: OpenedVersion;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  readonly random?: () => number;
}

/**
 * A version of a parser that reads a share of what comes in beside the active one. What it says is compared and never
 * stored. It is offered each block once that is parsed, takes a copy of some lines and returns at once; while it works, and
 * for nine times as long behind that, it takes nothing: one that is slow compares less, and ingest never waits for it.
 */
export class Shadow {
  readonly #startedAt = Date.now();
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #counts = {
    compared: 0,
    equal: 0,
    changed: 0,
    newly_read: 0,
    newly_refused: 0,
    passed_over_blocks: 0,
    failed: 0,
  };
  #differences: readonly ShadowDifference[] = [];
  #isAtWork = false;
  #restsUntil = 0;
  #trouble: string | undefined;
  #isClosed = false;

  constructor(
    private readonly order: ShadowOrder,
    private readonly parts: ShadowParts,
  ) {
    this.#now = parts.now ?? (() => performance.now());
    this.#random = parts.random ?? Math.random;
  }

  get state(): ShadowState {
    const stopped = this.#stopped;
    return {
      ...this.order,
      id: this.parts.id,
      startedAt: this.#startedAt,
      ...(stopped !== undefined && { stoppedBecause: stopped }),
      counts: { ...this.#counts },
      differences: this.#differences,
    };
  }

  /** Told of lines at which its version failed. */
  readonly failed = ({ lines }: { readonly lines: number }): void => {
    this.#counts.failed += lines;
  };

  /** Offers a block that was parsed. Never throws, never waits. */
  offer(block: Block, parsed: Block, redact: Redact): void {
    if (!this.#isMeant(block.header) || this.#stopped !== undefined) return;
    const began = this.#now();
    if (this.#isAtWork || began < this.#restsUntil) {
      this.#counts.passed_over_blocks += 1;
      return;
    }
    this.#isAtWork = true;
    void this.#work(block, parsed, redact)
      .catch((error: unknown) => {
        this.#trouble ??= error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        const ended = this.#now();
        this.#restsUntil = ended + (ended - began) * (1_000 / SHARE_OF_TIME - 1);
        this.#isAtWork = false;
      });
  }

  /** Ends the process of its version. @param why it compares nothing from now on */
  close(why = 'it was stopped'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#trouble ??= why;
    this.parts.opened.parse.close?.();
  }

  get #stopped(): string | undefined {
    return this.#trouble ?? this.parts.opened.suspended();
  }

  #isMeant({ tenant, stream, parser = AUTO_PARSER }: BlockHeader): boolean {
    const { order } = this;
    if (tenant !== order.tenant || (parser !== order.parser && parser !== AUTO_PARSER)) return false;
    return order.streams === undefined || order.streams.includes(stream);
  }

  async #work(block: Block, parsed: Block, redact: Redact): Promise<void> {
    const { parser, perMille } = this.order;
    const sampled = sampleLines(block, parsed, { parser, perMille, random: this.#random });
    if (sampled.length === 0) return;
    const { receivedAt, zone } = block.header;
    const context = zone === undefined ? { receivedAt } : { receivedAt, zone };
    const lines = sampled.map(({ line }) => line);
    const verdicts = await this.parts.opened.parse(lines, context);
    // What was closed meanwhile, or taken out, says nothing of its lines.
    if (this.#stopped !== undefined) return;
    const different: DifferentLine[] = [];
    for (const [at, one] of sampled.entries()) {
      const shadow = answerOf(verdicts[at] as Verdict, one);
      const compared = compareCanonical(one.active, shadow);
      this.#count(compared);
      if (compared.outcome !== 'equal') different.push({ ...one, shadow, outcome: compared.outcome });
    }
    for (const one of different.slice(-KEPT_DIFFERENCES)) {
      const shown = await shownDifference(block.header, one, redact);
      this.#differences = [shown, ...this.#differences].slice(0, KEPT_DIFFERENCES);
    }
  }

  #count({ outcome }: LineComparison): void {
    this.#counts.compared += 1;
    this.#counts[outcome] += 1;
  }
}

/** A line that nobody knew stays one where the shadow doesn't claim it either: `auto` would not have asked it. */
function answerOf(verdict: Verdict, { line, active }: SampledLine): string {
  const isUnclaimed = verdict.parsed.kind === 'refused' || verdict.certainty === 0;
  if (isUnclaimed && active.endsWith('"parse_status":"none"}')) return active;
  return canonicalLine(verdict, line);
}
