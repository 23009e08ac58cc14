import type { Catalogue, Change } from '#catalogue';
import type { StoredDeclaration } from './declaration.js';

const COLLECTION = 'declared-parser-versions';
/** Versions that are kept beside the newest. */
const KEPT = 4;
const DIGITS = 12;

/** What declared parsers were before they were changed: the last four versions of each. */
export class DeclaredHistory {
  constructor(private readonly catalogue: Catalogue) {}

  /** Oldest first. */
  async list(name: string): Promise<readonly StoredDeclaration[]> {
    const found = await this.catalogue.scan<StoredDeclaration>(COLLECTION, { prefix: `${name}/` });
    return found.map(({ value }) => value);
  }

  /** Keeps what a parser was; to be written before what it becomes. */
  async keep(stored: StoredDeclaration): Promise<readonly Change[]> {
    const before = await this.list(stored.name);
    const surplus = before.slice(0, Math.max(0, before.length - KEPT + 1));
    return [{ collection: COLLECTION, id: idOf(stored), value: stored }, ...surplus.map(removal)];
  }

  /** Forgets what a parser was: to be written before it is taken away, since its versions begin anew then. */
  async forget(name: string): Promise<readonly Change[]> {
    return (await this.list(name)).map(removal);
  }
}

function removal(stored: StoredDeclaration): Change {
  return { collection: COLLECTION, id: idOf(stored), value: undefined };
}

function idOf({ name, version }: StoredDeclaration): string {
  return `${name}/${String(version).padStart(DIGITS, '0')}`;
}
