import { jsonLine } from '../../../output/printable.js';
import type { Report, RunFacts } from './report.js';
import { reportAsJson, summaryAsJson } from './report.js';
import { progressHead, progressLine, summaryLines } from './words.js';

/** Where a run tells how it goes. */
export interface Reporter {
  /** Each second. */
  progress(second: Report, total: Report): void;
  /** At the end. */
  summary(total: Report, facts: RunFacts): void;
}

type Write = (text: string) => void;

/** Lines between headings. */
const PAGE = 20;

/** For people: a line each second where somebody looks on, and a summary. */
export function makeWordReporter(out: Write, progress: Write | undefined): Reporter {
  let lines = 0;
  return {
    progress: (second, total) => {
      if (lines++ % PAGE === 0) progress?.(`${progressHead()}\n`);
      progress?.(`${progressLine(second, total)}\n`);
    },
    summary: (total, facts) =>
      out(
        summaryLines(total, facts)
          .map((line) => `${line}\n`)
          .join(''),
      ),
  };
}

/** For programs: NDJSON, a line each second and the summary last. */
export function makeJsonReporter(out: Write): Reporter {
  return {
    progress: (second, total) =>
      out(
        `${jsonLine({
          type: 'progress',
          ...reportAsJson(second),
          elapsed_ms: Math.round(total.elapsedMs),
          acknowledged_total: total.acknowledged,
          rss_bytes: process.memoryUsage.rss(),
        })}\n`,
      ),
    summary: (total, facts) => out(`${jsonLine(summaryAsJson(total, facts))}\n`),
  };
}
