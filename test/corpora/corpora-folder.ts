import { join } from 'node:path';

/** The folder with the corpora; see `test/corpora/log-file.ts` for what it must hold. */
export const CORPORA =
  process.env['ALLUVIUM_CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');
