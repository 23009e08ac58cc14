import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A house of empty rooms, and what each of these files imports. */
const ROOMS = [
  'apps/api/a.ts',
  'apps/worker/a.ts',
  'libs/event-model/index.ts',
  'libs/app-config/index.ts',
  'libs/catalogue/index.ts',
  'libs/catalogue/deep.ts',
  'libs/catalogue/lmdb/store.ts',
  'libs/catalogue/testing/index.ts',
  'libs/access/index.ts',
  'libs/plugin-kit/index.ts',
  'plugins/event-type-log/index.ts',
];

const WRONG: readonly (readonly [rule: string, from: string, target: string])[] = [
  ['layer-catalogue', 'libs/catalogue/up.ts', '#access'],
  ['layer-event-model', 'libs/event-model/up.ts', '#app-config'],
  ['libs-below-apps', 'libs/access/app.ts', '../../apps/api/a.js'],
  ['libs-by-name-among-libs', 'libs/access/deep.ts', '../catalogue/deep.js'],
  ['libs-by-name', 'apps/api/deep.ts', '../../libs/catalogue/deep.js'],
  ['apps-apart', 'apps/api/other.ts', '../worker/a.js'],
  ['plugins-know-the-kit-only', 'plugins/event-type-log/lib.ts', '#catalogue'],
  ['plugin-host-loads-plugins', 'apps/api/plugin.ts', '../../plugins/event-type-log/index.js'],
  ['modules-choose-adapters', 'libs/catalogue/adapter.ts', './lmdb/store.js'],
  ['adapters-loaded-when-chosen', 'libs/catalogue/catalogue.module.ts', './lmdb/store.js'],
  ['engine-lmdb', 'libs/catalogue/engine.ts', 'lmdb'],
  ['engine-chdb', 'libs/catalogue/engine2.ts', 'chdb'],
  ['testing-for-tests', 'libs/access/testing-use.ts', '#catalogue/testing'],
  ['event-model-is-pure', 'libs/event-model/io.ts', 'node:fs'],
  ['no-development-library', 'libs/access/dev.ts', 'fast-check'],
  ['resolvable', 'libs/access/gone.ts', './not-there.js'],
  ['no-cycle', 'libs/access/cycle.ts', './cycle.js'],
  ['unknown-lib', 'libs/extra/index.ts', '#event-model'],
];

const RIGHT: readonly (readonly [from: string, target: string])[] = [
  ['apps/main.ts', './api/a.js'],
  ['apps/api/right.ts', '#access'],
  ['libs/access/right.ts', '#catalogue'],
  ['libs/catalogue/lmdb/engine.ts', 'lmdb'],
  ['libs/catalogue/store.spec.ts', './lmdb/store.js'],
  ['plugins/event-type-log/right.ts', '#plugin-kit'],
];

let house: string;

function put(path: string, text: string) {
  const file = join(house, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function cruise() {
  const { status, stderr } = spawnSync(process.execPath, ['tools/check-boundaries.mjs'], { cwd: house });
  return { status, problems: stderr.toString().split('\n') };
}

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'alluvium-house-'));
  for (const path of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs', 'tools'])
    cpSync(path, join(house, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(house, 'node_modules'));
  for (const path of ROOMS) put(path, 'export const room = 1;\n');
  for (const [from, target] of RIGHT) put(from, `import '${target}';\n`);
});

afterAll(() => rmSync(house, { recursive: true }));

describe('the boundaries', () => {
  it('let the right imports pass', () => {
    expect(cruise()).toEqual({ status: 0, problems: [''] });
  });

  it('name each wrong import by its rule', () => {
    for (const [, from, target] of WRONG) put(from, `import '${target}';\n`);
    const { status, problems } = cruise();
    for (const [, from] of WRONG) rmSync(join(house, from));
    expect(status).toBe(1);
    for (const [name, from] of WRONG)
      expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^${name}: ${from} `)));
  });

  it('fail where nothing was cruised', () => {
    for (const folder of ['apps', 'libs', 'plugins']) rmSync(join(house, folder), { recursive: true });
    mkdirSync(join(house, 'apps'));
    const { status, problems } = cruise();
    expect(status).toBe(1);
    expect(problems.join()).toContain('No module was cruised');
  });
});
