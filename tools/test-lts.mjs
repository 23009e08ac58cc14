// Runs the unit suite on the newest long-term version of Node, and sees that the native modules load there.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project-files.mjs';
import { runCommand } from './run-command.mjs';

const LTS_MAJOR = 24;
const LOADS = `
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query } from 'chdb';
import { open } from 'lmdb';
const dir = mkdtempSync(join(tmpdir(), 'alluvium-lts-'));
try {
  const db = open({ path: join(dir, 'db') });
  await db.put('a', 1);
  if (db.get('a') !== 1) throw new Error('lmdb does not read what it wrote');
  await db.close();
  if (!String(query('SELECT 41 + 1')).includes('42')) throw new Error('chdb does not count');
} finally {
  rmSync(dir, { recursive: true });
}
console.log('Node ' + process.version + ': lmdb and chdb load and work');
`;

/** Node of that version from the package registry, kept in .cache/ and out of the dependencies. */
async function installNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const prefix = join(root, '.cache', `node-${LTS_MAJOR}`);
  const binary = join(prefix, 'node_modules', name, 'bin/node');
  if (existsSync(binary)) return binary;
  mkdirSync(prefix, { recursive: true });
  const args = [
    'install',
    '--prefix',
    prefix,
    '--no-save',
    '--no-audit',
    '--no-fund',
    `${name}@${LTS_MAJOR}`,
  ];
  const { code } = await runCommand('npm', args);
  if (code !== 0 || !existsSync(binary))
    throw new Error(`Node ${LTS_MAJOR} (${name}) could not be installed.`);
  return binary;
}

async function main() {
  const node = await installNode();
  const loads = await runCommand(node, ['--input-type=module', '--eval', LOADS]);
  const tests = await runCommand(node, [join(root, 'tools/test.mjs'), 'unit']);
  return loads.code === 0 ? tests.code : 1;
}

process.exitCode = await main();
