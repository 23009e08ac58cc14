import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { realpath } from 'node:fs/promises';
import type { PluginManifest, PluginProblem } from '#plugin-kit';
import type { PluginFolder } from '../discover-plugins.js';
import { failed, ok, type Outcome } from '../outcome.js';
import { readManifest } from '../read-manifest.js';
import { compilePlugin } from './compile.js';
import { writeKitPackage } from './kit-package.js';
import { copyTree, hashTree } from './tree.js';

/** A copy of a plugin that is ready to run. It stays as it is whatever becomes of the plugin's own folder. */
export interface StagedPlugin {
  readonly manifest: PluginManifest;
  /** Of the files as they were copied, before anything was made of them. */
  readonly sha256: string;
  /** Where the copy lies. */
  readonly folder: string;
  /** The module to import. */
  readonly entry: string;
  /** Of a tier: where its processes may read and write; a path without links. */
  readonly directory?: string;
}

/**
 * Copies a plugin to `target` and makes it ready to run there: types out, kit in. What is hashed is the copy, so that
 * what runs is what was hashed.
 *
 * @param target a folder that is not there yet; it is removed again where something is wrong
 */
export async function stagePlugin(folder: PluginFolder, target: string): Promise<Outcome<StagedPlugin>> {
  const staged = await tryStage(folder, target);
  if (staged.problems) await rm(target, { recursive: true, force: true });
  return staged;
}

async function tryStage(folder: PluginFolder, target: string): Promise<Outcome<StagedPlugin>> {
  const copied = await copyTree(folder.path, target);
  if (copied.problems) return copied;
  const place = await realpath(target);
  const sha256 = await hashTree(place);
  if (sha256.problems) return sha256;
  const manifest = await readManifest({ ...folder, path: place });
  if (manifest.problems) return manifest;
  const isModule = await settleModuleType(place);
  if (isModule.problems) return isModule;
  await writeKitPackage(place);
  const entry = await compilePlugin(place);
  if (entry.problems) return entry;
  return ok({ manifest: manifest.value, sha256: sha256.value, folder: place, entry: entry.value });
}

/** A plugin without a `package.json` has no dependencies, and its code is made of modules all the same. */
async function settleModuleType(folder: string): Promise<Outcome<undefined>> {
  const path = join(folder, 'package.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    await writeFile(path, '{ "type": "module" }\n');
    return ok(undefined);
  }
  try {
    const { type } = JSON.parse(text) as { readonly type?: unknown };
    return type === 'module' ? ok(undefined) : failed([NO_MODULE]);
  } catch (error) {
    return failed([{ what: `package.json is no JSON: ${String(error)}`, mend: NO_MODULE.mend }]);
  }
}

const NO_MODULE: PluginProblem = {
  what: 'package.json has no "type": "module"',
  mend: 'write "type": "module" into it: plugins are ES modules',
};
