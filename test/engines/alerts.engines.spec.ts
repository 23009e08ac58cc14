import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = join(root, 'docker/prometheus');
let promtool: string;
let scratch: string;
beforeAll(async () => {
  promtool = (await run(join(root, 'tools/install-promtool.sh'))).stdout.trim();
  scratch = await mkdtemp(join(tmpdir(), 'alluvium-alerts-'));
  await writeFile(join(scratch, 'alerts.test.yml'), await readFile(join(folder, 'alerts.test.yml')));
}, 300_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** What promtool says of the alerts' tests with these rules; undefined where all pass. */
async function failureWith(rules: string): Promise<string | undefined> {
  await writeFile(join(scratch, 'alerts.yml'), rules);
  return run(promtool, ['test', 'rules', 'alerts.test.yml'], { cwd: scratch }).then(
    () => undefined,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );
}

it('each alert comes when it should and not before, as promtool says, and would be found out otherwise', async () => {
  const rules = await readFile(join(folder, 'alerts.yml'), 'utf8');
  expect(await failureWith(rules)).toBeUndefined();
  const bounds = [...rules.matchAll(/expr: .* [\d.]+$/gm)];
  expect(bounds).toHaveLength(25);
  for (const { index, 0: line } of bounds) {
    const wrong = line.replace(/[\d.]+$/, '977');
    const changed = rules.slice(0, index) + wrong + rules.slice(index + line.length);
    expect([line, await failureWith(changed)]).toEqual([line, expect.stringContaining('FAILED')]);
  }
});
