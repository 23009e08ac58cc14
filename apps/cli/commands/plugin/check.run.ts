import { checkPlugin, type CheckReport } from '#plugin-host/author';
import { jsonLine, printable } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import { notAsItShould, requireFolder, shownProblems, type JsonOption } from './shown-problems.js';

/** Checks a plugin, prints what holds and what doesn't, and its SHA-256. */
export async function check(folder: string, { json }: JsonOption): Promise<void> {
  await requireFolder(folder);
  const report = await checkPlugin(folder);
  await writeOut(json ? `${jsonLine(summary(report))}\n` : shown(report));
  if (!isGood(report)) throw notAsItShould(folder);
}

function isGood({ problems, checks }: CheckReport): boolean {
  return problems.length === 0 && checks.every(({ failure }) => failure === undefined);
}

function summary(report: CheckReport): object {
  const { folder, manifest, sha256, problems, checks } = report;
  const shared = { folder, name: manifest?.name, version: manifest?.version, sha256 };
  return { ...shared, passed: isGood(report), problems, checks };
}

function shown({ manifest, sha256, problems, checks }: CheckReport): string {
  const lines = checks.map(({ name, failure }) =>
    failure === undefined ? `✓ ${printable(name)}\n` : `✗ ${printable(name)}\n${indented(failure)}`,
  );
  const name = manifest ? `${manifest.name} ${manifest.version}\n` : '';
  const hash = sha256 === undefined ? '' : `sha256 ${sha256}\n`;
  return `${name}${shownProblems(problems)}${lines.join('')}${hash}`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${printable(line)}\n`)
    .join('');
}
