// Holds the layers of the house (.dependency-cruiser.cjs). A cruise that saw nothing, or fewer modules than there are
// source files, fails: the cruiser itself would call it clean.
import { filesBelow, root } from './project-files.mjs';
import { runCommand, tool } from './run-command.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['apps', 'libs', 'plugins', 'test', 'bench'].filter((folder) =>
  existsSync(join(root, folder)),
);

const { code, stdout, stderr } = await runCommand(
  process.execPath,
  [tool.depcruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...FOLDERS],
  { capture: true },
);

function parseReport() {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`The cruiser printed no report (exit code ${code}):\n${stdout}${stderr}`);
  }
}

const { modules, summary } = parseReport();
const seen = new Set(modules.map(({ source }) => source));
const missed = FOLDERS.flatMap((folder) => filesBelow(folder, ['.ts'])).filter((path) => !seen.has(path));
const violations = summary.violations.map(({ rule, from, to, cycle }) => {
  const path = cycle ? cycle.map(({ name }) => name).join(' -> ') : to;
  return `${rule.name}: ${from} -> ${path}`;
});

for (const line of violations) console.error(line);
for (const path of missed) console.error(`not cruised: ${path}`);
if (seen.size === 0) console.error('No module was cruised; the rules were not checked.');
console.log(`boundaries: ${seen.size} modules, ${violations.length} violations`);
process.exitCode = violations.length + missed.length > 0 || seen.size === 0 ? 1 : 0;
