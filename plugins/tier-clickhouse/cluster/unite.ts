import type { BlockId, EventPlace } from '#event-model';
import type {
  CountedUnit,
  PartBlock,
  PresentRows,
  RewriteReport,
  SourceMinuteCount,
  StoredFormCount,
  StoredPart,
  StoredUnit,
} from '#plugin-kit';

/** What shards answered, each about its own events, as one answer. */

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

/** Those of all shards, each once, ascending. */
export function uniteDays(days: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(days.flat())].sort((a, b) => a - b);
}

/** One for each of `keyOf`, in the order in which they are met first. */
function uniteBy<T>(items: readonly T[], keyOf: (item: T) => string, join: (a: T, b: T) => T): readonly T[] {
  const known = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    const before = known.get(key);
    known.set(key, before === undefined ? item : join(before, item));
  }
  return [...known.values()];
}

export function unitePresent(
  blocks: readonly BlockId[],
  answers: readonly (readonly PresentRows[])[],
): readonly PresentRows[] {
  const all = uniteBy(
    answers.flat(),
    ({ block }) => block,
    (a, b) => ({
      block: a.block,
      stored: [...a.stored, ...b.stored].sort((x, y) => x - y),
      quarantined: [...a.quarantined, ...b.quarantined].sort((x, y) => x.row - y.row),
    }),
  );
  const of = new Map(all.map((rows) => [rows.block, rows]));
  return blocks.map((block) => of.get(block) ?? { block, stored: [], quarantined: [] });
}

export function uniteMinutes<T extends SourceMinuteCount & { readonly stream?: string }>(
  counts: readonly (readonly T[])[],
): T[] {
  return [
    ...uniteBy(
      counts.flat(),
      ({ stream = '', source, minute }) => `${stream}/${minute}/${source}`,
      (a, b) => ({ ...a, events: a.events + b.events }),
    ),
  ];
}

export function uniteUnits(units: readonly (readonly StoredUnit[])[]): readonly StoredUnit[] {
  const all = uniteBy(units.flat(), unitKey, (a, b) => ({
    ...a,
    events: a.events + b.events,
    diskBytes: a.diskBytes + b.diskBytes,
    oldest: a.oldest < b.oldest ? a.oldest : b.oldest,
    newest: a.newest > b.newest ? a.newest : b.newest,
  }));
  return [...all].sort((a, b) => a.day - b.day || a.generation - b.generation);
}

export function uniteCounted(counted: readonly (CountedUnit | undefined)[]): CountedUnit | undefined {
  const found = counted.filter((unit): unit is CountedUnit => unit !== undefined);
  const [all] = uniteBy(
    found,
    () => '',
    (a, b) => ({
      ...a,
      events: a.events + b.events,
      lastReceivedAt: a.lastReceivedAt > b.lastReceivedAt ? a.lastReceivedAt : b.lastReceivedAt,
      through: a.through > b.through ? a.through : b.through,
      // As the engine adds numbers of 64 bits.
      identities: String(BigInt.asUintN(64, BigInt(a.identities) + BigInt(b.identities))),
    }),
  );
  return all;
}

/** The newest day first. */
export function uniteParts(parts: readonly (readonly StoredPart[])[]): readonly StoredPart[] {
  const all = uniteBy(parts.flat(), unitKey, (a, b) => ({
    ...a,
    partEvents: a.partEvents + b.partEvents,
    diskBytes: a.diskBytes + b.diskBytes,
    forms: uniteForms([...a.forms, ...b.forms]),
  }));
  return [...all].sort((a, b) => b.day - a.day || b.generation - a.generation);
}

function uniteForms(forms: readonly StoredFormCount[]): readonly StoredFormCount[] {
  const all = uniteBy(
    forms,
    ({ form, parser }) => `${form}/${parser}`,
    (a, b) => ({ ...a, events: a.events + b.events }),
  );
  return [...all].sort((a, b) => b.events - a.events);
}

/** The first of all, where each shard gave its own first `limit`. */
export function uniteBlocks(blocks: readonly (readonly PartBlock[])[], limit: number): readonly PartBlock[] {
  const all = uniteBy(
    blocks.flat(),
    ({ block }) => block,
    (a, b) => ({ block: a.block, events: a.events + b.events, bytes: a.bytes + b.bytes }),
  );
  return [...all].sort((a, b) => (a.block < b.block ? -1 : 1)).slice(0, limit);
}

/** Rows of a block that two shards have are read by both of them. */
export function uniteRewrites(reports: readonly RewriteReport[]): RewriteReport {
  return {
    changed: sum(reports.map(({ changed }) => changed)),
    kept: inOrder(
      uniteBy(
        reports.flatMap(({ kept }) => kept),
        placeKey,
        (a) => a,
      ),
    ),
  };
}

/** By block and row. */
export function inOrder<T extends EventPlace>(places: readonly T[]): readonly T[] {
  return [...places].sort((a, b) => (a.block === b.block ? a.row - b.row : a.block < b.block ? -1 : 1));
}

function placeKey({ block, row }: EventPlace): string {
  return `${block}-${row}`;
}

function unitKey({ day, generation }: { readonly day: number; readonly generation: number }): string {
  return `${day}-${generation}`;
}
