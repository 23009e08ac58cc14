import { pause } from '../support/appliance-process.js';
import type { ApiClient, LedgerRow } from '../support/api-client.js';
import { Audit } from './audit.js';
import type { RequestRecord } from './obligations.js';
import { makeLine, type LinePlan } from './oracle-lines.js';
import { patiently } from './patiently.js';
import { sweepQuarantine, sweepStream } from './sweep.js';
import type { Violations } from './violations.js';

/** What was sent to one stream, and by whom. */
export interface Issued {
  readonly stream: string;
  readonly sources: readonly string[];
  readonly requests: readonly RequestRecord[];
}

export interface VerificationContext {
  readonly plan: LinePlan;
  readonly api: ApiClient;
  readonly violations: Violations;
  /** Milliseconds that the backlog has to drain, and the ledger to come to rest. */
  readonly drainTimeoutMs: number;
}

/** Events that a verification found. */
export interface Verified {
  readonly stored: number;
  readonly quarantined: number;
}

const DAY_MS = 86_400_000;
const OLDEST_DAYS = 41;
const RECEIPTS_CHECKED = 40;

/** Waits until the backlog is drained, then compares everything that the system holds of the stream with what was sent. */
export async function verifyStream(context: VerificationContext, issued: Issued): Promise<Verified> {
  const { api, plan, violations } = context;
  await checkReceipts(context, issued.requests);
  const audit = new Audit(plan, violations);
  const span = { from: plan.baseMs - OLDEST_DAYS * DAY_MS, to: Date.now() + 60_000 };
  await sweepStream(api, issued.stream, span, (event) => audit.addStored(event));
  for (const source of issued.sources) {
    await sweepQuarantine(api, issued.stream, source, (row) => audit.addQuarantined(row));
  }
  audit.settle(issued.requests);
  await checkRollUps(context, issued.stream);
  await checkLedger(context, issued.stream, audit);
  return { stored: audit.stored, quarantined: audit.quarantined };
}

/**
 * The newest receipts of each producer, once they are no longer pending, tell of each request what its lines are. Of each: what
 * one sends may come another way than what others do, and be stored later.
 */
async function checkReceipts(
  context: VerificationContext,
  requests: readonly RequestRecord[],
): Promise<void> {
  const acked = requests.filter((request) => request.outcome === 'acked' && request.receipt !== undefined);
  const deadline = Date.now() + context.drainTimeoutMs;
  for (const nth of new Set(acked.map(({ producer }) => producer))) {
    const own = acked.filter(({ producer }) => producer === nth);
    for (const request of own.slice(-RECEIPTS_CHECKED)) await checkReceipt(context, request, deadline);
  }
}

async function checkReceipt(
  { api, plan, violations }: VerificationContext,
  request: RequestRecord,
  deadline: number,
) {
  const receipt = request.receipt ?? '';
  let { status, body } = await patiently(() => api.receipt(receipt));
  while (status === 200 && body.pending > 0 && Date.now() < deadline) {
    await pause(50);
    ({ status, body } = await patiently(() => api.receipt(receipt)));
  }
  if (status !== 200) return violations.add('receipt', `${receipt} answered ${status}`);
  if (body.pending > 0) return violations.add('not_drained', `${receipt} still has ${body.pending} pending`);
  const good = countGood(plan, request);
  if (body.stored === good && body.quarantined === request.count - good) return;
  violations.add(
    'receipt',
    `${receipt} says ${JSON.stringify(body)} of ${good} good lines in ${request.count}`,
  );
}

function countGood(plan: LinePlan, { producer, first, count }: RequestRecord): number {
  let good = 0;
  for (let i = 0; i < count; i++)
    good += makeLine(plan, { producer, sequence: first + i }).kind === 'good' ? 1 : 0;
  return good;
}

async function checkRollUps({ api, violations }: VerificationContext, stream: string): Promise<void> {
  const { status, body } = await patiently(() => api.checkRollUps(stream));
  if (status === 200 && body.ok) return;
  violations.add('roll_ups', `${stream}: ${status} ${JSON.stringify(body)}`);
}

/** The ledger may need a moment to come to rest; then it must be even, and say what was found. */
async function checkLedger(context: VerificationContext, stream: string, found: Verified): Promise<void> {
  const deadline = Date.now() + context.drainTimeoutMs;
  let problem = await findLedgerProblem(context.api, stream, found);
  while (problem !== undefined && Date.now() < deadline) {
    await pause(250);
    problem = await findLedgerProblem(context.api, stream, found);
  }
  if (problem !== undefined) context.violations.add('ledger', `${stream}: ${problem}`);
}

async function findLedgerProblem(
  api: ApiClient,
  stream: string,
  found: Verified,
): Promise<string | undefined> {
  const { status, body } = await api.ledger();
  if (status !== 200) return `answered ${status}`;
  const rows = body.rows.filter((row) => row.stream === stream);
  const sum = (field: keyof Verified | 'received' | 'residue' | 'pending'): number => addUp(rows, field);
  const expected = {
    received: found.stored + found.quarantined,
    ...pickCounts(found),
    pending: 0,
    residue: 0,
  };
  const names = Object.keys(expected) as (keyof typeof expected)[];
  const wrong = names.filter((name) => sum(name) !== expected[name]);
  if (wrong.length === 0) return undefined;
  return wrong.map((name) => `${name} is ${sum(name)}, found ${expected[name]}`).join(', ');
}

const pickCounts = ({ stored, quarantined }: Verified): Verified => ({ stored, quarantined });

function addUp(
  rows: readonly LedgerRow[],
  field: keyof Verified | 'received' | 'residue' | 'pending',
): number {
  return rows.reduce((total, row) => total + row[field], 0);
}
