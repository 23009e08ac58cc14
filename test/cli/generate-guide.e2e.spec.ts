import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCategories } from '../../apps/cli/commands/generate/categories/parse-categories.js';
import { MODE_NAMES } from '../../apps/cli/commands/generate/modes.js';
import { fieldKinds } from '../../apps/cli/commands/generate/fields/make-field.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const root = join(import.meta.dirname, '../..');
const read = (page: string): string => readFileSync(join(root, 'docs/guide', page), 'utf8');

/** What stands in a page between fences of this language. */
function blocksOf(page: string, language: string): readonly string[] {
  return [...read(page).matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, name]) => name === language)
    .map(([, , text = '']) => text);
}

let appliance: Appliance;
const folder = mkdtempSync(join(tmpdir(), 'alluvium-guide-'));
beforeAll(async () => {
  appliance = await startAppliance();
});
afterAll(async () => {
  await appliance.dispose();
  rmSync(folder, { recursive: true });
});

/** Runs the lines of a block one after the other, as its reader would; rejects with what was printed where one fails. */
function runBlock(script: string): Promise<string> {
  const env = {
    PATH: `${join(root, 'bin')}:${process.env['PATH']}`,
    ALLUVIUM_URL: appliance.url,
    ALLUVIUM_KEY: appliance.adminKey,
    ALLUVIUM_HTTP_PORT: '0',
  };
  const child = spawn('sh', ['-ec', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (output += piece.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${code}: ${output}`))));
  });
}

const scripts = ['generate.md', 'doctor.md'].flatMap((page) =>
  blocksOf(page, 'sh').map((script) => [page, script] as const),
);

it('there are commands to run', () => {
  expect(scripts.length).toBeGreaterThanOrEqual(4);
});

it.each(scripts)('%s: %s', async (_, script) => {
  expect(await runBlock(script)).not.toBe('');
});

it('the file of categories in the guide is right, and every kind and mode is named', () => {
  const [yaml = ''] = blocksOf('generate.md', 'yaml');
  expect(parseCategories(yaml, 'guide').map(({ name, weight }) => [name, weight])).toEqual([
    ['doors', 3],
    ['heartbeats', 1],
  ]);
  const page = read('generate.md');
  for (const { name } of fieldKinds) expect(page).toContain(`\`{ ${name}: `);
  for (const name of MODE_NAMES) expect(page).toContain(`\`${name}\``);
});
