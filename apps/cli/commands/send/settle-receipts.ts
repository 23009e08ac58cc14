import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../../client/api-client.js';

/** What became of events; the five counts add up to all of them. */
export interface Verdicts {
  readonly stored: number;
  readonly quarantined: number;
  readonly deduplicated: number;
  readonly dropped: number;
  readonly pending: number;
  /** How many of those that were looked into were refused for each reason, with the mend. */
  readonly reasons: ReadonlyMap<string, { readonly count: number; readonly mend: string }>;
}

interface ReceiptAnswer extends Omit<Verdicts, 'reasons'> {
  readonly refused: readonly { readonly code: string; readonly mend: string }[];
}

const POLL_MS = 200;
/** Milliseconds without an answer after which the server counts as gone. */
const SILENCE_MS = 60_000;
const COUNTS = ['stored', 'quarantined', 'deduplicated', 'dropped', 'pending'] as const;

/**
 * Asks for receipts until nothing of them is pending.
 *
 * @param patienceMs how long to wait for the first of them that stays pending; then it is counted as it is
 */
export async function settleReceipts(
  api: ApiClient,
  receipts: readonly string[],
  patienceMs: number,
): Promise<Verdicts> {
  const sums = { stored: 0, quarantined: 0, deduplicated: 0, dropped: 0, pending: 0 };
  const reasons = new Map<string, { count: number; mend: string }>();
  const deadline = Date.now() + patienceMs;
  for (const receipt of receipts) {
    const answer = await settled(api, receipt, deadline);
    for (const name of COUNTS) sums[name] += answer[name];
    for (const { code, mend } of answer.refused)
      reasons.set(code, { count: (reasons.get(code)?.count ?? 0) + 1, mend });
  }
  return { ...sums, reasons };
}

async function settled(api: ApiClient, receipt: string, deadline: number): Promise<ReceiptAnswer> {
  const path = `/api/v1/receipts/${encodeURIComponent(receipt)}`;
  for (;;) {
    const answer = await api.json<ReceiptAnswer>({ path, silenceMs: SILENCE_MS });
    if (answer.pending === 0 || Date.now() > deadline) return answer;
    await pause(POLL_MS);
  }
}
