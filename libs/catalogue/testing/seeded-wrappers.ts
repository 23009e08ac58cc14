import type { Catalogue, Change, ChangeOutcome, ScanRange, Stored } from '../catalogue.port.js';

/** Hands everything on to a sound catalogue; those below it have one fault each. */
class Handing implements Catalogue {
  constructor(protected readonly sound: Catalogue) {}

  read<T>(collection: string, id: string): Promise<Stored<T> | undefined> {
    return this.sound.read<T>(collection, id);
  }

  scan<T>(collection: string, range?: ScanRange): Promise<readonly Stored<T>[]> {
    return this.sound.scan<T>(collection, range);
  }

  write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    return this.sound.write(changes);
  }

  watch(collection: string, changed: (ids: readonly string[]) => void): () => void {
    return this.sound.watch(collection, changed);
  }

  stop(): Promise<void> {
    return this.sound.stop();
  }
}

class IgnoresIfVersion extends Handing {
  override write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    return super.write(changes.map(({ collection, id, value }) => ({ collection, id, value })));
  }
}

/** Answers what it believes will be, and writes a little later. */
class AnswersBeforeDurable extends Handing {
  override async write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    setTimeout(() => super.write(changes).catch(() => undefined), 100);
    return changes.map(() => ({ kind: 'written', version: 1 }));
  }
}

class ScansByUtf16 extends Handing {
  override async scan<T>(collection: string, range?: ScanRange): Promise<readonly Stored<T>[]> {
    const found = await super.scan<T>(collection, range);
    return found.toSorted((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  }
}

class HidesDamage extends Handing {
  override read<T>(collection: string, id: string): Promise<Stored<T> | undefined> {
    return super.read<T>(collection, id).catch(() => undefined);
  }
}

/** Gives a document a version of its own count. */
class CountsAnew extends Handing {
  override async write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    const outcomes = await super.write(changes);
    return outcomes.map((outcome) => (outcome.kind === 'written' ? { ...outcome, version: 1 } : outcome));
  }
}

class TellsOfConflicts extends Handing {
  readonly #watchers: ((ids: readonly string[]) => void)[] = [];

  override async write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    const outcomes = await super.write(changes);
    const conflicts = changes.filter((_, nth) => outcomes[nth]?.kind === 'conflict');
    if (conflicts.length > 0) for (const changed of this.#watchers) changed(conflicts.map(({ id }) => id));
    return outcomes;
  }

  override watch(collection: string, changed: (ids: readonly string[]) => void): () => void {
    this.#watchers.push(changed);
    return super.watch(collection, changed);
  }
}

/** Faults that can be put upon any adapter, and the part of the promise that the contract must find broken. */
export const SEEDED_WRAPPERS = [
  {
    bug: 'ignores ifVersion',
    breaks: 'conditional',
    make: (sound: Catalogue) => new IgnoresIfVersion(sound),
  },
  {
    bug: 'answers before durable',
    breaks: 'durable',
    make: (sound: Catalogue) => new AnswersBeforeDurable(sound),
  },
  { bug: 'scans out of order', breaks: 'order', make: (sound: Catalogue) => new ScansByUtf16(sound) },
  { bug: 'hides damage', breaks: 'damage', make: (sound: Catalogue) => new HidesDamage(sound) },
  { bug: 'counts versions anew', breaks: 'version', make: (sound: Catalogue) => new CountsAnew(sound) },
  { bug: 'tells of conflicts', breaks: 'watch', make: (sound: Catalogue) => new TellsOfConflicts(sound) },
] as const;
