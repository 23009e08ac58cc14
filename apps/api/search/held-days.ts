import type { LocalObjects, HeldObjects, WantedObject } from '#archive-storage';
import { wantedFile, type ArchivedUnit } from '#archived-units';
import type { ArchivedFiles, AskedStream } from '#plugin-kit';

/** A day of an archive that a question reads, and who gives its files. */
export interface ArchivedDay {
  readonly stream: AskedStream;
  readonly unit: ArchivedUnit;
  readonly columns: ArchivedFiles['columns'];
  readonly objects: LocalObjects;
}

/** Days whose files stay until they are released. */
export interface HeldDays {
  has(day: ArchivedDay): boolean;
  pathOf(day: ArchivedDay, key: string): string;
  release(): void;
}

/** Holds the files of all days, or of none. @throws ArchiveStorageError */
export async function holdDays(days: readonly ArchivedDay[]): Promise<HeldDays> {
  const held = new Map<LocalObjects, HeldObjects>();
  const release = (): void => held.forEach((objects) => objects.release());
  try {
    for (const objects of new Set(days.map((day) => day.objects))) {
      const own = days.filter((day) => day.objects === objects);
      held.set(objects, await objects.hold(own.flatMap(wantedOf)));
    }
  } catch (error) {
    release();
    throw error;
  }
  const all = new Set(days);
  return {
    has: (day) => all.has(day),
    pathOf: ({ objects }, key) => held.get(objects)?.paths.get(key) ?? '',
    release,
  };
}

function wantedOf({ unit, columns }: ArchivedDay): readonly WantedObject[] {
  return unit.files.map((file) => wantedFile(file, columns));
}
