import { EXIT, type ExitCode } from '../../exit-codes.js';
import { showBytes, showCount, showCounted } from '../../output/figures.js';
import { jsonLine, printable } from '../../output/printable.js';
import type { Verdicts } from './settle-receipts.js';
import type { Tally } from './tally.js';

/** What a call of `send` ends with. */
export interface Summary {
  /** For standard output, its line ends included. */
  readonly text: string;
  /** 5 where the server took events that it could not store as they are. */
  readonly exit: ExitCode;
}

/** @param verdicts undefined where they weren't waited for. */
export function summarize(tally: Tally, verdicts: Verdicts | undefined, asJson: boolean): Summary {
  const isWhole = !verdicts || verdicts.quarantined + verdicts.dropped + verdicts.pending === 0;
  const text = asJson ? json(tally, verdicts) : words(tally, verdicts);
  return { text, exit: isWhole ? EXIT.done : EXIT.partly };
}

function json(
  { events, bytes, requests, retries, elapsedMs }: Tally,
  verdicts: Verdicts | undefined,
): string {
  const { reasons, ...counts } = verdicts ?? { reasons: undefined };
  const refused = reasons && {
    refused: [...reasons].map(([code, { count, mend }]) => ({ code, count, mend })),
  };
  return `${jsonLine({ accepted: events, bytes, requests, retries, elapsed_ms: elapsedMs, ...counts, ...refused })}\n`;
}

function words({ events, bytes, elapsedMs, rate }: Tally, verdicts: Verdicts | undefined): string {
  if (events === 0 && !verdicts) return 'There was nothing new to send.\n';
  const seconds = (elapsedMs / 1_000).toFixed(1);
  const sent = `${showCounted(events, 'event')} accepted: ${showBytes(bytes)} in ${seconds} s, ${showCount(rate)}/s\n`;
  return verdicts ? sent + verdictWords(verdicts) : sent;
}

function verdictWords({ reasons, ...counts }: Verdicts): string {
  const named = Object.entries(counts).filter(([name, count]) => count > 0 || name === 'stored');
  const line = named.map(([name, count]) => `${showCount(count)} ${name}`).join(', ');
  const why = [...reasons].map(
    ([code, { count, mend }]) => `  ${printable(code)} (${showCount(count)} or more): ${printable(mend)}\n`,
  );
  return `${line}\n${why.join('')}`;
}
