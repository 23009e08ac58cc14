import { printable } from '../../../output/printable.js';
import type { Report, RunFacts } from './report.js';

const HEADINGS = ['time', 'acknowledged', 'events/s', 'p50', 'p99', 'refused'];
const WIDTHS = [6, 14, 11, 10, 10];

/** Headings over {@link progressLine}. */
export function progressHead(): string {
  return row(HEADINGS);
}

/**
 * A second of a run on one line.
 *
 * @param second what happened within it
 * @param total since the start
 */
export function progressLine(second: Report, total: Report): string {
  return row([
    clock(total.elapsedMs),
    count(total.acknowledged),
    count(second.rate),
    milliseconds(second.p50),
    milliseconds(second.p99),
    refusals(second) || '-',
  ]);
}

/** All of a run, in lines. */
export function summaryLines(report: Report, facts: RunFacts): readonly string[] {
  const { seed, skipped, askedRate, streams } = facts;
  const asked = askedRate === undefined ? '' : ` of ${count(askedRate)} asked for`;
  const where = streams.length === 0 ? 'the default stream of the key' : streams.join(', ');
  const lines = [
    `acknowledged     ${count(report.acknowledged)} events in ${count(report.requests)} requests, ${(report.bytes / 2 ** 20).toFixed(1)} MiB, to ${where}`,
    `rate             ${count(report.rate)} events/s${asked}, over ${clock(report.elapsedMs)}`,
    `acknowledgement  p50 ${milliseconds(report.p50)}, p99 ${milliseconds(report.p99)}, longest ${milliseconds(report.max)}`,
    `refused          ${refusals(report) || 'nothing'}`,
    ...(report.givenUp > 0 ? [`given up         ${count(report.givenUp)} events, never stored`] : []),
    ...(report.unknown > 0
      ? [`not known        ${count(report.unknown)} events: no answer came; stored once or not at all`]
      : []),
    ...(skipped > 0
      ? [`skipped          ${count(skipped)} events that were due and could not be sent in time`]
      : []),
    `seed             ${printable(seed)}`,
  ];
  return lines;
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, at) => (at < WIDTHS.length ? cell.padStart(WIDTHS[at] ?? 0) : `  ${cell}`))
    .join('');
}

/** `12:05`, or `1:12:05`. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(seconds % 60)}`;
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function milliseconds(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en')} ms`;
}

function refusals({ refused }: Report): string {
  return Object.entries(refused)
    .map(([code, times]) => `${printable(code)} x${count(times)}`)
    .join(', ');
}
