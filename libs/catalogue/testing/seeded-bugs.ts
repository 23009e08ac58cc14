import type { Change, ChangeOutcome, ScanRange } from '../catalogue.port.js';
import { MemoryCatalogue, type MemoryDisk } from './memory-catalogue.js';

/** Writes over whatever is there: two writers lose each other's changes. */
class IgnoresIfVersion extends MemoryCatalogue {
  protected override judge(change: Change, current: number): ChangeOutcome {
    return super.judge({ collection: change.collection, id: change.id, value: change.value }, current);
  }
}

/** Answers when the change is in its cache, and writes the disk a little later. */
class AnswersBeforeDurable extends MemoryCatalogue {
  constructor(private readonly slowDisk: MemoryDisk) {
    super(new Map([...slowDisk].map(([name, documents]) => [name, new Map(documents)])));
  }

  override async write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    const outcomes = await super.write(changes);
    setTimeout(() => this.disk.forEach((documents, name) => this.slowDisk.set(name, new Map(documents))), 5);
    return outcomes;
  }
}

/** Compares ids as JavaScript does, by UTF-16 units: another order than the engines' as soon as an emoji is in one. */
class ScansByUtf16 extends MemoryCatalogue {
  protected override compare(a: string, b: string): number {
    if (a === b) return 0;
    return a < b ? -1 : 1;
  }
}

/** Takes `prefix + U+FFFF` for the end of a prefix. */
class MissesPrefixEnd extends MemoryCatalogue {
  protected override inRange(id: string, range: ScanRange): boolean {
    const end = Buffer.from(`${range.prefix ?? ''}\uffff`);
    return super.inRange(id, range) && Buffer.compare(Buffer.from(id), end) < 0;
  }
}

/** Tells watchers of conflicts too. */
class TellsOfConflicts extends MemoryCatalogue {
  override async write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    const outcomes = await super.write(changes);
    const conflicts = changes.filter((_, i) => outcomes[i]?.kind === 'conflict');
    this.feed.tell(
      conflicts,
      conflicts.map(() => ({ kind: 'written', version: 1 })),
    );
    return outcomes;
  }
}

/** Skips the document that `after` names by its place, not by its id. */
class SkipsBehindAfter extends MemoryCatalogue {
  protected override inRange(id: string, range: ScanRange): boolean {
    return super.inRange(id, range) && id !== `${range.after}0`;
  }
}

/** Takes a document that it can't read for an empty one. */
class HidesDamage extends MemoryCatalogue {
  protected override decode<T>(collection: string, id: string, text: string): T {
    try {
      return super.decode(collection, id, text);
    } catch {
      return {} as T;
    }
  }
}

/** Adapters with one fault each, and the part of the promise that the contract must find broken. */
export const SEEDED_BUGS = [
  { bug: 'ignores ifVersion', breaks: 'conditional', make: (disk: MemoryDisk) => new IgnoresIfVersion(disk) },
  {
    bug: 'answers before durable',
    breaks: 'durable',
    make: (disk: MemoryDisk) => new AnswersBeforeDurable(disk),
  },
  { bug: 'scans out of order', breaks: 'order', make: (disk: MemoryDisk) => new ScansByUtf16(disk) },
  { bug: 'misses the prefix end', breaks: 'order', make: (disk: MemoryDisk) => new MissesPrefixEnd(disk) },
  { bug: 'hides damage', breaks: 'damage', make: (disk: MemoryDisk) => new HidesDamage(disk) },
  { bug: 'skips behind after', breaks: 'order', make: (disk: MemoryDisk) => new SkipsBehindAfter(disk) },
  { bug: 'tells of conflicts', breaks: 'watch', make: (disk: MemoryDisk) => new TellsOfConflicts(disk) },
] as const;
