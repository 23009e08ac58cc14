import { fork, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginManifest, PluginProblem } from '#plugin-kit';
import type { SampleLine } from '#plugin-kit/contract';
import { builtModule } from '../built-code.js';
import { writeKitPackage } from '../kit-package.js';
import type { StagedPlugin } from '../stage.js';
import { stageForAuthor } from './author-stage.js';
import type { CheckMessage } from './check-message.js';

/** Milliseconds that one check may take: it reads 80 MiB. */
const CHECK_MS = 60_000;
const MAIN = 'libs/plugin-host/outside/author/check-main.js';
const KEPT_CHARACTERS = 4_000;

export interface CheckResult {
  readonly name: string;
  /** Why the plugin doesn't hold it; absent where it does. */
  readonly failure?: string;
}

/** What a look at a plugin's folder found. */
export interface CheckReport {
  readonly folder: string;
  readonly manifest?: PluginManifest;
  /** What `trust` lists: of all files as they are now. */
  readonly sha256?: string;
  /** What keeps it from being loaded; then nothing else was looked at. */
  readonly problems: readonly PluginProblem[];
  readonly checks: readonly CheckResult[];
  /** Of parsers: what became of each line of the samples. */
  readonly samples: readonly SampleLine[];
}

/**
 * Checks a plugin's folder as its author has it: whether it can be loaded, its samples, and all that its kind must hold.
 * Its code runs in a process of its own. The kit is put into its `node_modules` for the author's editor.
 *
 * @param only `samples`: leave out the checks of a parser, which take some seconds
 * @throws where there is no such folder
 */
export async function checkPlugin(path: string, only?: 'samples'): Promise<CheckReport> {
  const folder = resolve(path);
  const { found, staged, remove } = await stageForAuthor(folder);
  const { manifest, sha256 } = found;
  const report = {
    folder,
    ...(manifest && { manifest }),
    ...(sha256 !== undefined && { sha256 }),
    problems: [],
    checks: [],
    samples: [],
  };
  try {
    if (staged.problems) return { ...report, problems: staged.problems };
    await writeKitPackage(folder);
    return { ...report, ...(await runChecks(folder, staged.value, only)) };
  } finally {
    await remove();
  }
}

type Found = Pick<CheckReport, 'problems' | 'checks' | 'samples'>;

async function runChecks(folder: string, staged: StagedPlugin, only = 'all'): Promise<Found> {
  const child = fork(
    fileURLToPath(builtModule(MAIN)),
    [folder, staged.entry, JSON.stringify(staged.manifest), only],
    {
      cwd: staged.folder,
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const found = { problems: [] as PluginProblem[], checks: [] as CheckResult[], samples: [] as SampleLine[] };
  let current = 'it can be imported';
  const late = setTimeout(() => child.kill('SIGKILL'), CHECK_MS);
  child.on('message', (message: CheckMessage) => {
    late.refresh();
    if (message.kind === 'begins') current = message.name;
    else if (message.kind === 'problems') found.problems.push(...message.problems);
    else if (message.kind === 'samples') found.samples.push(...message.lines);
    else found.checks.push(failureOf(message));
  });
  const end = await endOf(child);
  clearTimeout(late);
  if (end !== undefined) found.checks.push({ name: current, failure: end });
  return found;
}

function failureOf({ name, failure }: Extract<CheckMessage, { kind: 'checked' }>): CheckResult {
  return failure === undefined ? { name } : { name, failure };
}

/** Why the process ended before its time; undefined where it ended in order. */
async function endOf(child: ChildProcess): Promise<string | undefined> {
  let noise = '';
  child.stderr?.on('data', (chunk: Buffer) => (noise = (noise + chunk.toString()).slice(0, KEPT_CHARACTERS)));
  return new Promise((settle) => {
    child.once('close', (code, signal) => {
      if (code === 0) settle(undefined);
      else if (signal === 'SIGKILL') settle(`It was not done after ${CHECK_MS / 1_000} s, and ended.`);
      else settle(`Its process ended with ${signal ?? `the code ${code}`}. ${noise.trim()}`);
    });
  });
}
