import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { formatTimestamp, parseTime } from '#event-model';
import { keeps, printDay, RetentionHolds, type Hold } from '#retention';
import { UnitRemovals } from '#storage-tier';
import { TrashedDays } from '../archives/trashed-days.js';
import { Problem } from '../problems/problem.js';
import { StreamSelector } from '../search/stream-selector.js';
import type { HoldRequest, MadeHold, ShownHold, ShownHolds } from './holds.schema.js';
import { requireReach } from './require-reach.js';

/** A day that a plan deletes, or deleted. */
interface DeletedDay {
  readonly stream: string;
  /** `YYYYMMDD`. */
  readonly day: number;
  /** Id of the plan. */
  readonly order: string;
}

/** Keeps what must not be deleted. */
@Injectable()
export class HoldsService {
  readonly #removals: UnitRemovals;

  constructor(
    @Inject(RetentionHolds) private readonly holds: RetentionHolds,
    @Inject(StreamSelector) private readonly streams: StreamSelector,
    @Inject(TrashedDays) private readonly trashed: TrashedDays,
    @Inject(CATALOGUE) catalogue: Catalogue,
  ) {
    this.#removals = new UnitRemovals(catalogue);
  }

  async list(caller: Principal): Promise<ShownHolds> {
    requireReach(caller);
    return { holds: (await this.holds.list(caller.tenant)).map(shown) };
  }

  /** @throws Problem `hold_not_found` */
  async find(caller: Principal, id: string): Promise<ShownHold> {
    requireReach(caller);
    return shown((await this.holds.find(caller.tenant, id)) ?? missing());
  }

  /** @throws Problem `stream_unknown`; HoldError */
  async create(caller: Principal, request: HoldRequest): Promise<MadeHold> {
    requireReach(caller);
    const { stream, start_time: from, end_time: to, reason } = request;
    if (stream !== undefined) await this.streams.one(caller, stream);
    const hold = await this.holds.create({
      ...{ tenant: caller.tenant, reason, ...authored(caller) },
      ...(stream !== undefined && { stream }),
      ...(from !== undefined && { start_time: fixed(from) }),
      ...(to !== undefined && { end_time: fixed(to) }),
    });
    // Asked once the hold is durable: what begins from now on finds it.
    const held = (deleted: readonly DeletedDay[]): MadeHold['in_trash'] =>
      deleted
        .filter((place) => keeps(hold, place))
        .map(({ stream: name, day, order }) => ({ stream: name, day: printDay(day), plan: order }));
    return {
      ...shown(hold),
      under_removal: held(await this.#removals.underWay(caller.tenant)),
      in_trash: held(await this.trashed.of(caller.tenant)),
    };
  }

  /** @throws Problem `hold_not_found` */
  async release(caller: Principal, id: string): Promise<ShownHold> {
    requireReach(caller);
    const { created_at: at, created_by: by } = authored(caller);
    return shown((await this.holds.release(caller.tenant, id, { at, by })) ?? missing());
  }
}

function shown({ tenant: _tenant, ...hold }: Hold): ShownHold {
  return hold;
}

function authored({ keyId, keyName }: Principal) {
  return {
    created_at: new Date().toISOString(),
    created_by: { key_id: keyId, key_name: keyName },
  };
}

/** A relative time means the moment of the request. */
function fixed(time: string | number): string {
  return formatTimestamp(parseTime(time) ?? 0n);
}

function missing(): never {
  throw new Problem('hold_not_found', 'The tenant has no hold of this id.');
}
