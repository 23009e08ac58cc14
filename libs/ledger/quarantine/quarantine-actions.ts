import type { Catalogue, Change, Stored } from '#catalogue';

const COLLECTION = 'quarantine-actions';

/** What is asked of refused events: that they go their way again, that they are done with, or that they are kept no longer. */
export const QUARANTINE_ACTIONS = ['replay', 'resolve', 'expire'] as const;
export type QuarantineActionKind = (typeof QUARANTINE_ACTIONS)[number];

/** Conditions of refused events, as data. Times in RFC 3339. */
export interface ActionFilter {
  readonly stream?: string;
  readonly source?: string;
  readonly reason?: string;
  readonly parser?: string;
  readonly start_time?: string;
  readonly end_time?: string;
}

/** Events by what became of them. */
export interface MovedCounts {
  readonly stored: number;
  readonly deduplicated: number;
  readonly dropped: number;
}

/** Who asked for what, when, and what came of it; kept for good. */
export interface QuarantineAction extends MovedCounts {
  /** That of the job, which is kept for some days only. */
  readonly id: string;
  readonly kind: QuarantineActionKind;
  readonly filter: ActionFilter;
  /** Parser of the replay, where it is not the one that each line had. */
  readonly with_parser?: string;
  /** Absent: the appliance itself, where their time was over. */
  readonly by?: { readonly key_id: string; readonly key_name: string };
  /** RFC 3339. */
  readonly asked_at: string;
  readonly note?: string;
  /** Events that were refused again, as the last run found. */
  readonly refused?: number;
  readonly ended_at?: string;
}

/** With the last batch whose numbers are in it, so that a repeat adds nothing twice. */
interface KeptAction extends QuarantineAction {
  readonly batch: string;
}

/** The book of what was done with refused events. */
export class QuarantineActions {
  constructor(private readonly catalogue: Catalogue) {}

  async add(tenant: string, action: Omit<QuarantineAction, keyof MovedCounts>): Promise<void> {
    const value: KeptAction = { ...action, stored: 0, deduplicated: 0, dropped: 0, batch: '' };
    await this.catalogue.write([{ collection: COLLECTION, id: idOf(tenant, action.id), value }]);
  }

  async find(tenant: string, id: string): Promise<QuarantineAction | undefined> {
    const kept = await this.#read(tenant, id);
    return kept && shown(kept);
  }

  /** The tenant's newest, the last one first. */
  async list(tenant: string, limit: number): Promise<readonly QuarantineAction[]> {
    const all: KeptAction[] = [];
    for (let after: string | undefined; ;) {
      const page: readonly Stored<KeptAction>[] = await this.catalogue.scan<KeptAction>(COLLECTION, {
        prefix: `${tenant}/`,
        ...(after === undefined ? {} : { after }),
      });
      if (page.length === 0) break;
      all.push(...page.map(({ value }) => value));
      after = page.at(-1)?.id;
    }
    const newest = all.sort((a, b) => (a.asked_at < b.asked_at ? 1 : -1)).slice(0, limit);
    return newest.map(shown);
  }

  /** The change that adds a batch's numbers; undefined where they are in it, or the action is unknown. */
  async changeFor(
    action: { readonly tenant: string; readonly id: string },
    batch: string,
    counts: MovedCounts,
  ): Promise<Change | undefined> {
    const kept = await this.#read(action.tenant, action.id);
    if (!kept || kept.batch === batch) return undefined;
    const value: KeptAction = {
      ...kept,
      stored: kept.stored + counts.stored,
      deduplicated: kept.deduplicated + counts.deduplicated,
      dropped: kept.dropped + counts.dropped,
      batch,
    };
    return { collection: COLLECTION, id: idOf(action.tenant, action.id), value };
  }

  /** Notes that all is done. */
  async end(tenant: string, id: string, refused: number): Promise<void> {
    const kept = await this.#read(tenant, id);
    if (!kept) return;
    const value: KeptAction = { ...kept, refused, ended_at: new Date().toISOString() };
    await this.catalogue.write([{ collection: COLLECTION, id: idOf(tenant, id), value }]);
  }

  async #read(tenant: string, id: string): Promise<KeptAction | undefined> {
    return (await this.catalogue.read<KeptAction>(COLLECTION, idOf(tenant, id)))?.value;
  }
}

function idOf(tenant: string, id: string): string {
  return `${tenant}/${id}`;
}

function shown({ batch: _batch, ...action }: KeptAction): QuarantineAction {
  return action;
}
