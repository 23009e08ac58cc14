// Everything that must hold before a change is kept. All steps run, also where one fails; what a step printed is shown
// where it fails. `--without <step>` leaves one out, `--only <step>` runs one.
import { runCommand } from './run-command.mjs';

const npm = (script, ...args) => [
  'npm',
  ['run', '--silent', script, ...(args.length > 0 ? ['--', ...args] : [])],
];

const STEPS = [
  { name: 'types', run: npm('typecheck') },
  { name: 'lint', run: npm('lint') },
  { name: 'format', run: npm('format') },
  { name: 'boundaries', run: npm('boundaries') },
  { name: 'unused', run: npm('unused') },
  { name: 'sizes', run: npm('sizes'), show: true },
  { name: 'build', run: npm('build') },
  { name: 'generated', run: [process.execPath, ['tools/generate.mjs', '--check']] },
  { name: 'openapi', run: npm('openapi') },
  { name: 'unit', run: npm('test:unit') },
];

function namesAfter(flag) {
  return process.argv.filter((_, index) => process.argv[index - 1] === flag);
}

async function runStep({ name, run: [command, args], show }) {
  const start = process.hrtime.bigint();
  const { code, stdout, stderr } = await runCommand(command, args, { capture: true });
  const seconds = (Number(process.hrtime.bigint() - start) / 1e9).toFixed(1);
  if (code !== 0) console.log(`--- ${name}\n${stdout}${stderr}`);
  else if (show) console.log(stdout.trimEnd());
  return { name, ok: code === 0, seconds };
}

const [only, without] = [namesAfter('--only'), namesAfter('--without')];
const unknown = [...only, ...without].filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) throw new Error(`No such step: ${unknown}. Steps: ${STEPS.map(({ name }) => name)}.`);
const chosen = STEPS.filter(
  ({ name }) => (only.length === 0 || only.includes(name)) && !without.includes(name),
);
const results = [];
for (const step of chosen) results.push(await runStep(step));

console.log('\ncheck');
for (const { name, ok, seconds } of results)
  console.log(`  ${ok ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)}${seconds.padStart(6)} s`);
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
console.log(failed.length === 0 ? 'check: all is well' : `check: failed in ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
