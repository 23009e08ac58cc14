import {
  freeAt,
  isAtLeast,
  levelOf,
  reserveOf,
  usedPercent,
  type DiskLevel,
  type DiskRules,
} from './disk-level.js';
import { readDiskSpace, type DiskSpace } from './disk-space.js';

/** A directory that data is kept in. */
export interface DiskPlace {
  /** What lies there: `data`, `log`, `tier`. */
  readonly name: string;
  readonly directory: string;
  /** New events take nothing of it: where it fills up, that is told of, and no event is refused. */
  readonly watchedOnly?: boolean;
}

/** A file system that holds data. */
export interface FileSystemState extends Omit<DiskSpace, 'device'> {
  /** Names of the places on it. */
  readonly places: readonly string[];
  /** False: it is watched only. */
  readonly takesEvents: boolean;
  /** Of the first place. */
  readonly directory: string;
  readonly usedPercent: number;
  readonly reserveBytes: number;
  /** Bytes that are free when everything is refused: the reserve, or more. */
  readonly refusingBytes: number;
  readonly level: DiskLevel;
  /** Everything is refused: free space has fallen to the reserve or the set share, or can't be told. */
  readonly low: boolean;
  /** Why the space can't be told. */
  readonly error?: string;
}

/** All file systems as they were at one moment. */
export interface DiskLook {
  /** What holds the data directory itself. */
  readonly data: FileSystemState;
  readonly fileSystems: readonly FileSystemState[];
  /** The one that decides: of the highest level. */
  readonly worst: FileSystemState;
}

export interface DiskGuardOptions {
  /** The first is the data directory. Others may be on the same file system, and need not be there. */
  readonly places: readonly [DiskPlace, ...DiskPlace[]];
  /** Read anew at each look, since they may change while running. */
  readonly rules: () => DiskRules;
  readonly probe?: (directory: string) => Promise<DiskSpace>;
  readonly now?: () => number;
}

/** Milliseconds for which one look at the disk is good. */
const FRESH_MS = 1_000;

interface Probed {
  readonly place: DiskPlace;
  readonly space?: DiskSpace;
  readonly error?: NodeJS.ErrnoException;
}

/** Knows how full the file systems are that hold data; looks at most once a second. */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  readonly #levels = new Map<number, DiskLevel>();
  #look: Promise<DiskLook> | undefined;
  #lookedAt = 0;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
  }

  /** The file systems as they were at most a second ago. Never rejects. */
  look(): Promise<DiskLook> {
    const now = (this.#options.now ?? Date.now)();
    if (this.#look && now - this.#lookedAt < FRESH_MS) return this.#look;
    this.#lookedAt = now;
    this.#look = this.#read();
    return this.#look;
  }

  /** That of the data directory. Never rejects. */
  async state(): Promise<FileSystemState> {
    return (await this.look()).data;
  }

  async #read(): Promise<DiskLook> {
    const { places } = this.#options;
    const probed = await Promise.all(places.map((place) => this.#probe(place)));
    const isThere = ({ place, error }: Probed): boolean => place === places[0] || error?.code !== 'ENOENT';
    const fileSystems = groupsOf(probed.filter(isThere)).map((group) => this.#judge(group));
    const [data] = fileSystems as [FileSystemState];
    const worst = fileSystems.reduce((a, b) => (isAtLeast(a.level, b.level) ? a : b));
    return { data, fileSystems, worst };
  }

  async #probe(place: DiskPlace): Promise<Probed> {
    try {
      return { place, space: await (this.#options.probe ?? readDiskSpace)(place.directory) };
    } catch (error) {
      return { place, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  #judge(group: readonly Probed[]): FileSystemState {
    const [{ place, space, error }] = group as [Probed];
    const takesEvents = group.some((one) => one.place.watchedOnly !== true);
    const places = group.map((one) => one.place.name);
    const named = { places, takesEvents, directory: place.directory };
    const capped = (level: DiskLevel): Pick<FileSystemState, 'level' | 'low'> => {
      const shown = !takesEvents && isAtLeast(level, 'warning') ? 'warning' : level;
      return { level: shown, low: shown === 'refusing' };
    };
    if (!space)
      return { ...named, ...UNKNOWN, ...capped('refusing'), ...(error && { error: error.message }) };
    const { device, ...sizes } = space;
    const rules = this.#options.rules();
    const level = levelOf(space, this.#levels.get(device) ?? 'ok', rules);
    this.#levels.set(device, level);
    return {
      ...{ ...named, ...sizes, ...capped(level) },
      usedPercent: usedPercent(space),
      reserveBytes: reserveOf(space, rules.reserve),
      refusingBytes: freeAt('refusing', space, rules),
    };
  }
}

const UNKNOWN = {
  ...{ freeBytes: 0, usedBytes: 0, totalBytes: 0, usedPercent: 100, reserveBytes: 0, refusingBytes: 0 },
};

/** A group for each file system; a place that can't be asked stands alone. */
function groupsOf(probed: readonly Probed[]): readonly (readonly Probed[])[] {
  const groups = new Map<string, Probed[]>();
  for (const one of probed) {
    const key = one.space ? `device ${one.space.device}` : one.place.name;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}
