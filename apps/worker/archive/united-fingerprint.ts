import type { Manifest } from '#archive-format';
import type { UnitFingerprint } from '#plugin-kit';

/** What the events of several units are together: hashes add up, whatever file their events are in. */
export function unitedFingerprint(parts: readonly Manifest['fingerprint'][]): UnitFingerprint {
  const sum = parts.reduce((all, part) => BigInt.asUintN(64, all + BigInt(part.sum)), 0n);
  const xor = parts.reduce((all, part) => all ^ BigInt(part.xor), 0n);
  const oldest = parts.map((part) => BigInt(part.oldest)).reduce((a, b) => (b < a ? b : a));
  const newest = parts.map((part) => BigInt(part.newest)).reduce((a, b) => (b > a ? b : a));
  const sources = new Map<string, number>();
  for (const { source, events } of parts.flatMap((part) => part.sources))
    sources.set(source, (sources.get(source) ?? 0) + events);
  return {
    events: parts.reduce((all, { events }) => all + events, 0),
    ...{ sum: String(sum), xor: String(xor), oldest, newest },
    sources: [...sources].map(([source, events]) => ({ source, events })).toSorted(bySource),
  };
}

function bySource(a: { readonly source: string }, b: { readonly source: string }): number {
  return a.source < b.source ? -1 : 1;
}
