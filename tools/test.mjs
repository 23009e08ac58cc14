// Runs test suites one after the other, all of them even where one fails: node tools/test.mjs unit e2e [vitest options].
// ALLUVIUM_TEST_REPORTS names a folder that gets each suite's counts as <suite>.json.
import { join } from 'node:path';
import { runCommand, tool } from './run-command.mjs';

const SUITES = ['unit', 'integration', 'e2e', 'corpora', 'engines', 'upgrade'];

const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => !SUITES.includes(arg));
const suites = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
const reports = process.env.ALLUVIUM_TEST_REPORTS;

async function runSuite(suite) {
  const report = reports
    ? ['--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, `${suite}.json`)}`]
    : [];
  const { code } = await runCommand(process.execPath, [
    tool.vitest,
    'run',
    '--project',
    suite,
    ...report,
    ...options,
  ]);
  return code === 0;
}

if (suites.length === 0) throw new Error(`Name at least one suite: ${SUITES.join(', ')}.`);
const failed = [];
for (const suite of suites) if (!(await runSuite(suite))) failed.push(suite);
if (failed.length > 0) {
  console.error(`test: failed in ${failed.join(', ')}`);
  process.exitCode = 1;
}
