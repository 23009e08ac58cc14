import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { printDay, RetentionPlans, type PlannedUnit, type RetentionPlan } from '#retention';
import { Problem } from '../problems/problem.js';
import { costOf, type StoragePrices } from './plan-cost.js';
import type { ShownPlan } from './plans.schema.js';

/** Plans as they are kept and shown. */
@Injectable()
export class ShownPlans {
  constructor(
    @Inject(RetentionPlans) private readonly plans: RetentionPlans,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  async keep(plan: RetentionPlan): Promise<ShownPlan> {
    await this.plans.keep(plan);
    return this.shown(plan);
  }

  /** @throws Problem `plan_not_found` */
  async find(tenant: string, id: string): Promise<RetentionPlan> {
    return (await this.plans.find(tenant, id)) ?? missing();
  }

  /** With the cost by the prices of now, also of plans that were made before. */
  shown(plan: RetentionPlan): ShownPlan {
    const { retentionPrices: prices, retentionCurrency: currency } = this.settings.current;
    return shownPlan(plan, { prices, currency });
  }
}

function shownPlan(plan: RetentionPlan, prices: StoragePrices): ShownPlan {
  const { tenant: _tenant, proposed: saved, leaving, held, streams, ...rest } = plan;
  const { copying = [], moving = [], expiring = [], ...told } = rest;
  const tiers = streams.flatMap((stream) => stream.tiers);
  const cost = costOf(plan, prices);
  const bytes = (of: 'before' | 'after'): number => tiers.reduce((sum, tier) => sum + tier[of].bytes, 0);
  return {
    ...told,
    saves_policies: saved !== undefined,
    totals: {
      leaves: countUnits([...leaving.filter(({ kept_in: keptIn }) => !keptIn), ...expiring]),
      evicts: countUnits(leaving.filter(({ kept_in: keptIn }) => keptIn)),
      ...{ moves: countUnits(moving), held: countUnits(held), copies: countUnits(copying) },
      ...{ storage_before: bytes('before'), storage_after: bytes('after') },
      ...(cost && { cost }),
    },
    streams: structuredClone(streams) as ShownPlan['streams'],
    leaving: leaving.map((unit) => ({ ...shownUnit(unit), kept_in: unit.kept_in })),
    expiring: expiring.map(shownUnit),
    copying: copying.map(shownUnit),
    moving: moving.map(shownUnit),
    held: held.map((unit) => ({ ...shownUnit(unit), held_by: [...unit.held_by] })),
  };
}

function countUnits(units: readonly PlannedUnit[]): ShownPlan['totals']['copies'] {
  const sum = (of: 'events' | 'bytes'): number => units.reduce((total, unit) => total + unit[of], 0);
  return { units: units.length, events: sum('events'), bytes: sum('bytes') };
}

function shownUnit(unit: PlannedUnit): ShownPlan['leaving'][number] {
  const { stream, tier, day, generation, events, bytes, oldest, newest, why, policy } = unit;
  return {
    ...{ stream, tier, day: printDay(day), generation, events, bytes },
    ...{ oldest, newest, why, policy },
  };
}

function missing(): never {
  throw new Problem('plan_not_found', 'The tenant has no retention plan of this id.');
}
