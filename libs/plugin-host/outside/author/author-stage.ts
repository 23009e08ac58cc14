import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { failed, type Outcome } from '../../outcome.js';
import { findPlugin, type FoundPlugin } from '../found-plugin.js';
import { stagePlugin, type StagedPlugin } from '../stage.js';

/** A plugin in the hands of its author: no list of trust is asked. */
export interface AuthorStage {
  readonly found: FoundPlugin;
  readonly staged: Outcome<StagedPlugin>;
  /** Removes the copy. */
  remove(): Promise<void>;
}

/** Reads a plugin's folder and makes a copy of it ready to run. @throws where there is no such folder */
export async function stageForAuthor(path: string): Promise<AuthorStage> {
  const folder = resolve(path);
  const name = basename(folder);
  const found = await findPlugin({ name, path: folder, files: await readdir(folder) }, new Set());
  if (found.problems.length > 0) return { found, staged: failed(found.problems), remove: async () => {} };
  const place = await mkdtemp(join(tmpdir(), 'alluvium-plugin-'));
  const staged = await stagePlugin(found.folder, join(place, name));
  return { found, staged, remove: () => rm(place, { recursive: true, force: true }) };
}
