// Adds up the reports of a CI run: node tools/count-tests.mjs <folder> <step>=<exit code> ... The folder holds one folder
// of vitest's JSON reports for each step. A step that failed though none of its tests did counts as one failure. Each
// failed test is named again with its error, so that the end of a long output says what to mend, and so are the files
// that took longest.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...steps] = process.argv.slice(2);
const longestName = 300;
const longestMessage = 1500;
const slowestFiles = 25;

/** Tests of one report; a file that failed outside its tests (it didn't load, its preparation threw) is one failure. */
function countReport(path) {
  const { numPassedTests, numFailedTests, testResults, success } = JSON.parse(readFileSync(path, 'utf8'));
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((each) => each.status === 'failed'),
  );
  const failed = numFailedTests + broken.length;
  const failures = [...broken.map(nameOfFile), ...testResults.flatMap(failedTests)];
  const times = testResults.map(({ name, startTime, endTime }) => ({ name, ms: endTime - startTime }));
  return { passed: numPassedTests, failed: failed === 0 && !success ? 1 : failed, failures, times };
}

function nameOfFile({ name, message = '' }) {
  return `${name}\n${message.slice(0, longestMessage)}`;
}

function failedTests({ name, assertionResults }) {
  return assertionResults
    .filter(({ status }) => status === 'failed')
    .map(
      ({ fullName, failureMessages }) =>
        `${name} > ${fullName.slice(0, longestName)}\n${failureMessages.join('\n').slice(0, longestMessage)}`,
    );
}

function countStep(step) {
  const [name, code] = step.split('=');
  const reports = join(folder, name);
  const counts = (existsSync(reports) ? readdirSync(reports) : [])
    .filter((file) => file.endsWith('.json'))
    .map((file) => countReport(join(reports, file)));
  const passed = counts.reduce((sum, each) => sum + each.passed, 0);
  const failed = counts.reduce((sum, each) => sum + each.failed, 0);
  const failures = counts.flatMap((each) => each.failures);
  const times = counts.flatMap((each) => each.times);
  return { name, passed, failed: failed === 0 && code !== '0' ? 1 : failed, failures, times };
}

function printSlowest(times) {
  const slowest = times.filter(({ ms }) => ms >= 1_000).sort((a, b) => b.ms - a.ms);
  for (const { name, ms } of slowest.slice(0, slowestFiles))
    console.log(`${Math.round(ms / 1_000)} s in ${name}`);
}

const counts = steps.map(countStep);
printSlowest(counts.flatMap(({ times }) => times));
for (const { name, failures } of counts)
  for (const failure of failures) console.log(`FAILED in ${name}: ${failure}\n`);
for (const { name, passed, failed } of counts) console.log(`${name}: ${passed} passed, ${failed} failed`);
const passed = counts.reduce((sum, each) => sum + each.passed, 0);
const failed = counts.reduce((sum, each) => sum + each.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
