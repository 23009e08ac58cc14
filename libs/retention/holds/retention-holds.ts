import { randomUUID } from 'node:crypto';
import type { Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import type { PolicyAuthor } from '../policies/policy.js';
import { keeps, type HeldPlace, type Hold } from './hold.js';

const HOLDS = 'retention-holds';
const PAGE = 1_000;
/** Most holds of a tenant that hold at once. */
export const MAX_HOLDS = 1_000;

export type NewHold = Pick<
  Hold,
  'tenant' | 'stream' | 'start_time' | 'end_time' | 'reason' | 'created_at' | 'created_by'
>;

/** There are as many holds as a tenant may have. */
export class HoldError extends AlluviumError {
  constructor(code: 'too_many_holds', message: string) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}

/**
 * The holds of all tenants, a document each; released ones are kept as proof. Always read from the catalogue: whoever is
 * about to delete asks here first, and a hold that was acknowledged by then is heard.
 */
export class RetentionHolds {
  constructor(private readonly catalogue: Catalogue) {}

  /** All of a tenant, the newest first. */
  async list(tenant: string): Promise<readonly Hold[]> {
    const holds: Hold[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan<Hold>(HOLDS, {
        ...{ prefix: `${tenant}/`, limit: PAGE },
        ...(after !== undefined && { after }),
      });
      holds.push(...page.map(({ value }) => value));
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
    return holds.toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1));
  }

  async find(tenant: string, id: string): Promise<Hold | undefined> {
    return (await this.catalogue.read<Hold>(HOLDS, `${tenant}/${id}`))?.value;
  }

  /** Durable when it resolves: what is asked of {@link keeping} from then on has it. @throws HoldError */
  async create(hold: NewHold): Promise<Hold> {
    const holding = (await this.list(hold.tenant)).filter(({ released_at: at }) => at === undefined);
    if (holding.length >= MAX_HOLDS)
      throw new HoldError('too_many_holds', `The tenant has ${MAX_HOLDS} holds, the most it may have.`);
    const value: Hold = { id: randomUUID(), ...hold };
    await this.catalogue.write([{ collection: HOLDS, id: `${hold.tenant}/${value.id}`, value }]);
    return value;
  }

  /** What it held may be deleted again. One that was released before stays as it was; undefined where there is none. */
  async release(
    tenant: string,
    id: string,
    { at, by }: { readonly at: string; readonly by: PolicyAuthor },
  ): Promise<Hold | undefined> {
    for (;;) {
      const stored = await this.catalogue.read<Hold>(HOLDS, `${tenant}/${id}`);
      if (!stored || stored.value.released_at !== undefined) return stored?.value;
      const value: Hold = { ...stored.value, released_at: at, released_by: by };
      const [outcome] = await this.catalogue.write([
        { collection: HOLDS, id: stored.id, value, ifVersion: stored.version },
      ]);
      if (outcome?.kind === 'written') return value;
    }
  }

  /** The holds that keep a day of a stream now. */
  async keeping(tenant: string, place: HeldPlace): Promise<readonly Hold[]> {
    return (await this.list(tenant)).filter((hold) => keeps(hold, place));
  }
}
