import type { ApiClient } from '../../client/api-client.js';
import type { ServerOptions } from '../../client/server-place.js';
import { queryOf, withApi } from '../../client/with-api.js';
import { EXIT } from '../../exit-codes.js';
import { jsonLine, printable } from '../../output/printable.js';
import { renderTable } from '../../output/table.js';
import { writeOut } from '../../output/write-out.js';

/** What the options of `audit` hold. */
export interface ListOptions extends ServerOptions {
  readonly from?: string;
  readonly to?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly object?: string;
  readonly tenant?: string;
  readonly limit: number;
  readonly json?: true;
}

/** What the options of `audit verify` hold. */
export interface VerifyOptions extends ServerOptions {
  readonly from?: string;
  readonly hash?: string;
  readonly json?: true;
}

/** An entry as the API shows it. */
interface Entry {
  readonly sequence: number;
  readonly time: string;
  readonly actor: { readonly kind: string; readonly name?: string };
  readonly tenant: string | null;
  readonly action: string;
  readonly object: string | null;
  readonly outcome: string;
  readonly changes: readonly {
    readonly field: string;
    readonly before?: unknown;
    readonly after?: unknown;
  }[];
}

interface Verification {
  readonly whole: boolean;
  readonly entries: number;
  readonly head: { readonly sequence: number; readonly hash: string };
  readonly broken?: { readonly sequence: number; readonly problem: string; readonly detail: string };
  readonly anchor?: string;
}

const PATH = '/api/v1/audit';
/** Entries that are asked for at once. */
const PAGE = 1_000;

/** Prints the newest entries that are asked for. */
export async function listAudit(options: ListOptions): Promise<void> {
  const { from, to, actor, action, object, tenant, limit } = options;
  const asked = { start_time: from, end_time: to, actor, action, object, tenant };
  await withApi(options, async (api) => {
    const entries = await newest(api, asked, limit);
    const text = options.json
      ? entries.map((entry) => `${jsonLine(entry)}\n`).join('')
      : renderTable(HEAD, entries.map(row));
    await writeOut(text);
  });
}

/** Says whether the record is as it was written; the process ends with 1 where it isn't. */
export async function verifyAudit(options: VerifyOptions): Promise<void> {
  const { from, hash } = options;
  await withApi(options, async (api) => {
    const found = await api.json<Verification>({ path: `${PATH}/verify${queryOf({ from, hash })}` });
    await writeOut(options.json ? `${jsonLine(found)}\n` : sentences(found));
    const holds = found.anchor === undefined || found.anchor === 'held';
    if (!found.whole || !holds) process.exitCode = EXIT.failed;
  });
}

async function newest(
  api: ApiClient,
  asked: Readonly<Record<string, string | undefined>>,
  limit: number,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | undefined;
  do {
    const query = queryOf({ ...asked, cursor, limit: String(Math.min(PAGE, limit - entries.length)) });
    const page = await api.json<{ readonly entries: readonly Entry[]; readonly next_cursor: string | null }>({
      path: PATH + query,
    });
    entries.push(...page.entries);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && entries.length < limit);
  return entries;
}

const HEAD = ['#', 'TIME', 'WHO', 'TENANT', 'ACTION', 'OBJECT', 'OUTCOME', 'CHANGED'] as const;
/** Characters of what changed, in a table. */
const MAX_CHANGED = 60;

function row({ sequence, time, actor, tenant, action, object, outcome, changes }: Entry): readonly string[] {
  const changed = changes.map(({ field }) => field).join(', ');
  const short = changed.length > MAX_CHANGED ? `${changed.slice(0, MAX_CHANGED - 1)}…` : changed;
  const who = actor.name ?? actor.kind;
  return [String(sequence), time.slice(0, 19), who, tenant ?? '-', action, object ?? '-', outcome, short];
}

const ANCHORS: Readonly<Record<string, string>> = {
  held: 'The entry that was noted is still a part of it.',
  changed: 'The entry that was noted has another hash now: the record was rewritten.',
  missing: 'The entry that was noted is not there: the record was rewritten.',
  pruned: 'The entry that was noted is older than what is kept.',
};

function sentences({ whole, entries, head, broken, anchor }: Verification): string {
  const state = whole
    ? `The audit record is whole: ${entries} entries.`
    : `The audit record was rewritten. Entry ${broken?.sequence}: ${printable(broken?.detail ?? '')}`;
  const noted = anchor === undefined ? '' : `${ANCHORS[anchor] ?? printable(anchor)}\n`;
  return `${state}\nIt ends with ${head.sequence} ${printable(head.hash)}\n${noted}`;
}
