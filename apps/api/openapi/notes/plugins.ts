import type { OperationNotes } from './operation-note.js';

const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const LIST = {
  plugins_dir: '/etc/alluvium/plugins',
  problems: [],
  plugins: [
    {
      name: 'parser-bars',
      origin: 'outside',
      kind: 'parser',
      version: '1.0.0',
      sha256: SHA256,
      folder: '/etc/alluvium/plugins/parser-bars',
      state: 'untrusted',
      problems: [
        {
          what: `its SHA-256, ${SHA256}, is not on the list of what may run`,
          mend: 'look at it, then let it run: alluvium plugin trust /etc/alluvium/plugins/parser-bars',
        },
      ],
      restarts: 0,
    },
  ],
};

/** Notes on plugins. */
export const PLUGIN_NOTES: OperationNotes = {
  Plugins_list: { answers: { 200: LIST } },
  Plugins_reload: { answers: { 200: LIST } },
};
