import { watch, type FSWatcher } from 'node:fs';
import { checkPlugin, type CheckReport } from '#plugin-host/author';
import { jsonLine, printable } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import { notAsItShould, requireFolder, shownProblems, type JsonOption } from './shown-problems.js';

export interface DevOptions extends JsonOption {
  readonly once?: true;
}

/** An editor saves in several steps: they are waited for so long, in milliseconds. */
const SETTLE_MS = 150;
/** What changes without the author doing anything: the kit is put there at each run. */
const NOT_WATCHED = /(^|[\\/])(node_modules|\.git)([\\/]|$)/;

/**
 * Runs the samples of a parser, at each save again, and shows what differs from what is expected. Of other kinds it runs
 * the checks.
 */
export async function dev(folder: string, options: DevOptions): Promise<void> {
  await requireFolder(folder);
  if (options.once) {
    const report = await checkPlugin(folder);
    await tell(report, options);
    if (!isGood(report)) throw notAsItShould(folder);
    return;
  }
  await new Saves(folder, () => runOnce(folder, options)).untilInterrupted();
}

async function runOnce(folder: string, options: DevOptions): Promise<void> {
  await tell(await checkPlugin(folder, 'samples'), options);
}

function isGood({ problems, checks, samples }: CheckReport): boolean {
  const failed = checks.filter(({ failure }) => failure !== undefined);
  return problems.length === 0 && failed.length === 0 && samples.every(({ fits }) => fits);
}

async function tell(report: CheckReport, { json }: DevOptions): Promise<void> {
  const { problems, checks, samples, sha256 } = report;
  const failed = checks.filter(({ failure }) => failure !== undefined);
  if (json) {
    const differ = samples.filter(({ fits }) => !fits);
    await writeOut(`${jsonLine({ sha256, lines: samples.length, differ, problems, failed })}\n`);
    return;
  }
  const wrong = failed.map(({ name, failure }) => `✗ ${printable(name)}: ${printable(failure ?? '')}\n`);
  await writeOut(`${shownProblems(problems)}${wrong.join('')}${shownSamples(report)}`);
}

function shownSamples({ samples, problems, checks }: CheckReport): string {
  const differ = samples.filter(({ fits }) => !fits);
  const lines = differ.map(
    ({ sample, number, text, expected, found }) =>
      `samples/${printable(sample)}.txt:${number}: ${printable(text)}\n  - ${printable(expected ?? 'nothing expected yet')}\n  + ${printable(found)}\n`,
  );
  if (problems.length > 0) return '';
  const fit = samples.length - differ.length;
  const counts = [
    ...(checks.length > 0 ? [shownChecks(checks)] : []),
    ...(samples.length > 0 ? [`${fit} of ${samples.length} lines of samples as expected`] : []),
  ];
  return `${lines.join('')}${counts.join(', ')}\n`;
}

function shownChecks(checks: CheckReport['checks']): string {
  const held = checks.filter(({ failure }) => failure === undefined).length;
  return held === checks.length ? `${held} checks` : `${held} of ${checks.length} checks`;
}

/** Runs once, then at each save: one run after the other, and one more where something was saved meanwhile. */
class Saves {
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #again = false;

  constructor(
    private readonly folder: string,
    private readonly run: () => Promise<void>,
  ) {}

  async untilInterrupted(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const begin = (): void => void this.#begin().catch(reject);
      this.#watcher = watch(this.folder, { recursive: true }, (_event, file) => {
        if (file !== null && NOT_WATCHED.test(file)) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(begin, SETTLE_MS);
      });
      this.#watcher.once('error', reject);
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
      begin();
    }).finally(() => {
      clearTimeout(this.#timer);
      this.#watcher?.close();
    });
  }

  async #begin(): Promise<void> {
    this.#again = this.#running;
    if (this.#running) return;
    this.#running = true;
    try {
      await this.run();
    } finally {
      this.#running = false;
    }
    if (this.#again) await this.#begin();
  }
}
