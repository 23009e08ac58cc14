import type { RunTimeStore, SettingsChange } from '#app-config';
import type { Catalogue } from '#catalogue';

const COLLECTION = 'settings';
const RECORD = 'run-time';

/** The document: what was changed, and who changed it, in one, so that both are written or none. */
interface SettingsDocument {
  readonly settings: unknown;
  readonly changes: readonly SettingsChange[];
}

/** The one record of run-time settings, as a document of the catalogue. */
export function settingsStore(catalogue: Catalogue): RunTimeStore {
  return {
    read: async () => {
      const stored = await catalogue.read<SettingsDocument>(COLLECTION, RECORD);
      if (!stored) return undefined;
      const { version, value } = stored;
      return { version, value: value.settings, changes: value.changes };
    },
    write: async (settings, ifVersion, changes) => {
      const value: SettingsDocument = { settings, changes };
      const [outcome] = await catalogue.write([{ collection: COLLECTION, id: RECORD, value, ifVersion }]);
      return outcome?.kind === 'written';
    },
    watch: (changed) => catalogue.watch(COLLECTION, changed),
  };
}
