import { jsonLine, printable } from '../../output/printable.js';
import type { Finding, FindingStatus } from './finding.js';

const MARKS: Readonly<Record<FindingStatus, string>> = {
  ok: 'ok     ',
  warning: 'WARNING',
  problem: 'PROBLEM',
};

/** The findings for people: what is wrong with where and how to mend it, and a count. */
export function reportInWords(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, what, where, mend }) => {
    const place = where === undefined ? '' : ` [${printable(where)}]`;
    const line = `${MARKS[status]}  ${check.padEnd(width)}  ${printable(what)}${place}`;
    return mend === undefined ? [line] : [line, `${' '.repeat(width + 11)}-> ${printable(mend)}`];
  });
  return [...lines, '', summaryOf(findings), ''].join('\n');
}

/** The findings for programs: one JSON object on one line. */
export function reportAsJson(findings: readonly Finding[]): string {
  const counts = { problems: count(findings, 'problem'), warnings: count(findings, 'warning') };
  return `${jsonLine({ status: worstOf(findings), ...counts, findings })}\n`;
}

/** The worst of all. */
export function worstOf(findings: readonly Finding[]): FindingStatus {
  if (count(findings, 'problem') > 0) return 'problem';
  return count(findings, 'warning') > 0 ? 'warning' : 'ok';
}

function count(findings: readonly Finding[], status: FindingStatus): number {
  return findings.filter((finding) => finding.status === status).length;
}

function summaryOf(findings: readonly Finding[]): string {
  const [problems, warnings] = [count(findings, 'problem'), count(findings, 'warning')];
  const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
  if (problems + warnings === 0) return 'All is well.';
  return `${plural(problems, 'problem')}, ${plural(warnings, 'warning')}.`;
}
