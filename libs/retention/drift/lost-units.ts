import type { ArchivedUnits, UnitOfDay } from '#archived-units';
import type { Catalogue } from '#catalogue';
import { FIRST_TIER } from '#retention-policy';
import type { UnitOutcome } from '../runs/retention-run.js';
import type { RetentionRuns } from '../runs/retention-runs.js';

const COLLECTION = 'stored-units';
/** How long a loss is told: milliseconds. */
const TOLD_MS = 30 * 86_400_000;

/** A day of a stream, of one generation, that has fewer events than it should, and no retention run says why. */
export interface LostUnit {
  readonly stream: string;
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
  readonly generation: number;
  /** Events that it had, without those that retention removed since. */
  readonly expected: number;
  readonly found: number;
  /** When that was seen first, RFC 3339. */
  readonly since: string;
}

/** A unit as it was seen last; one that lost events stays as it was before that. */
interface SeenUnit {
  readonly day: number;
  readonly generation: number;
  readonly events: number;
  readonly lost?: { readonly found: number; readonly since: string };
}

interface SeenStream {
  /** RFC 3339. */
  readonly at: string;
  readonly units: readonly SeenUnit[];
}

/** What is stored now, as the tier says. */
export interface UnitNow {
  readonly stream: string;
  readonly day: number;
  readonly generation: number;
  readonly events: number;
}

export interface LostUnitsParts {
  readonly catalogue: Catalogue;
  readonly runs: Pick<RetentionRuns, 'list' | 'outcomes'>;
  readonly archived: Pick<ArchivedUnits, 'of'>;
}

/**
 * Holds what is stored of each day against what was stored at the last look: a day has fewer events only where a
 * retention run removed them, or where its archive answers for it. A day that is whole again is not told any more; nor one that was told for 30 days.
 */
export class LostUnits {
  constructor(private readonly parts: LostUnitsParts) {}

  /** What was lost by the last look. */
  async of(tenant: string, streams: readonly string[]): Promise<readonly LostUnit[]> {
    const seen = await Promise.all(streams.map(async (name) => lostOf(name, await this.#read(tenant, name))));
    return seen.flat();
  }

  /**
   * Looks again, and keeps what it saw. Puts it off while a run is under way: what that removes is not written down yet.
   *
   * @param now milliseconds since the epoch, before the units were read
   */
  async look(
    tenant: string,
    now: number,
    { streams, units }: { readonly streams: readonly string[]; readonly units: readonly UnitNow[] },
  ): Promise<void> {
    const runs = await this.parts.runs.list(tenant);
    if (runs.some(({ state }) => state === 'running')) return;
    for (const stream of streams) {
      const before = await this.#read(tenant, stream);
      const removed = await this.#removedSince(tenant, stream, before?.at);
      const inArchive = await this.#inArchive(tenant, stream);
      const isHere = (unit: UnitOfDay): boolean => !inArchive.has(placeOf(unit));
      const here = units.filter((unit) => unit.stream === stream && isHere(unit));
      const known = (before?.units ?? []).filter(isHere);
      const seen = { at: new Date(now).toISOString(), units: compare(known, here, { removed, now }) };
      if (removed.size === 0 && JSON.stringify(seen.units) === JSON.stringify(before?.units)) continue;
      await this.parts.catalogue.write([{ collection: COLLECTION, id: `${tenant}/${stream}`, value: seen }]);
    }
  }

  async #read(tenant: string, stream: string): Promise<SeenStream | undefined> {
    return (await this.parts.catalogue.read<SeenStream>(COLLECTION, `${tenant}/${stream}`))?.value;
  }

  /** Units whose hot copy is gone, or may go at any time. */
  async #inArchive(tenant: string, stream: string): Promise<ReadonlySet<string>> {
    const { units } = await this.parts.archived.of(tenant, stream);
    return new Set(units.filter(({ state }) => state !== 'copied').map(placeOf));
  }

  /** Events that runs removed since then, by unit. */
  async #removedSince(
    tenant: string,
    stream: string,
    since: string | undefined,
  ): Promise<ReadonlyMap<string, number>> {
    const removed = new Map<string, number>();
    if (since === undefined) return removed;
    for (const { id, ended_at: end } of await this.parts.runs.list(tenant)) {
      if (end === undefined || end < since) continue;
      for (const unit of await this.parts.runs.outcomes(tenant, id))
        if (isRemovedFrom(stream, unit) && unit.at >= since)
          removed.set(placeOf(unit), (removed.get(placeOf(unit)) ?? 0) + unit.events);
    }
    return removed;
  }
}

function isRemovedFrom(stream: string, unit: UnitOutcome): boolean {
  return unit.outcome === 'removed' && unit.tier === FIRST_TIER && unit.stream === stream;
}

function compare(
  before: readonly SeenUnit[],
  here: readonly UnitNow[],
  { removed, now }: { readonly removed: ReadonlyMap<string, number>; readonly now: number },
): readonly SeenUnit[] {
  const found = new Map(here.map((unit) => [placeOf(unit), unit.events]));
  const known = before.map((unit) => {
    const events = Math.max(0, unit.events - (removed.get(placeOf(unit)) ?? 0));
    return judge({ ...unit, events }, found.get(placeOf(unit)) ?? 0, now);
  });
  const old = new Set(known.map(placeOf));
  const fresh = here.filter((unit) => !old.has(placeOf(unit)));
  return [...known, ...fresh.map(({ day, generation, events }) => ({ day, generation, events }))]
    .filter(({ events }) => events > 0)
    .sort((a, b) => a.day - b.day || a.generation - b.generation);
}

function judge({ day, generation, events, lost }: SeenUnit, found: number, now: number): SeenUnit {
  const since = lost?.since ?? new Date(now).toISOString();
  const isTold = now - Date.parse(since) < TOLD_MS;
  if (found >= events || !isTold) return { day, generation, events: found };
  return { day, generation, events, lost: { found, since } };
}

function lostOf(stream: string, seen: SeenStream | undefined): readonly LostUnit[] {
  return (seen?.units ?? []).flatMap(({ day, generation, events: expected, lost }) =>
    lost ? [{ stream, day, generation, expected, ...lost }] : [],
  );
}

function placeOf({ day, generation }: UnitOfDay): string {
  return `${day}-${generation}`;
}
