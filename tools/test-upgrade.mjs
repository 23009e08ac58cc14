// Starts this version on a data directory that the last version made: node tools/test-upgrade.mjs [vitest options].
// test/upgrade/last-version names the commit of that version; a release writes its own there.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './project-files.mjs';
import { runCommand } from './run-command.mjs';

const commit = readFileSync(join(root, 'test/upgrade/last-version'), 'utf8').trim();

async function must(command, args) {
  const { code } = await runCommand(command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed.`);
}

/** The last version, built in a folder. */
async function buildLastVersion(folder) {
  await must('git', ['clone', '--quiet', '--no-checkout', root, folder]);
  await must('git', ['-C', folder, 'checkout', '--quiet', commit]);
  await must('npm', ['ci', '--silent', '--no-audit', '--no-fund', '--prefix', folder]);
  await must('npm', ['run', '--silent', 'build', '--prefix', folder]);
}

async function main() {
  const { code } = await runCommand('git', ['cat-file', '-e', `${commit}^{commit}`], { capture: true });
  if (code !== 0) {
    console.log(`upgrade: not shown here, since this clone lacks the history up to ${commit}.`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'alluvium-last-version-'));
  try {
    await buildLastVersion(folder);
    const env = { ...process.env, ALLUVIUM_LAST_VERSION: folder };
    const args = [join(root, 'tools/test.mjs'), 'upgrade', ...process.argv.slice(2)];
    process.exitCode = (await runCommand(process.execPath, args, { env })).code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
