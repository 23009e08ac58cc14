/** A fenced block of a page. */
export interface GuideBlock {
  /** Line of the page at which the block begins, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** A command of a page that is run, and what the page says that it prints. */
export interface RunBlock extends GuideBlock {
  /** Absent where the page shows no answer. */
  readonly answer?: ShownAnswer;
}

/** What a page shows as the output of the commands before it. */
export interface ShownAnswer extends GuideBlock {
  readonly form: 'json' | 'text';
  /** Whether the output may have members, or lines, that are not shown. */
  readonly part: boolean;
}

/** A command that a page shows and a test can't run. */
export interface NotRunBlock extends GuideBlock {
  readonly reason: string;
}

/** The commands of one page, in its order. */
export interface GuidePage {
  readonly runs: readonly RunBlock[];
  readonly notRun: readonly NotRunBlock[];
}

interface Fence extends GuideBlock {
  readonly language: string;
  /** What stands behind the language: for tests, never shown to a reader. */
  readonly words: string;
}

const FENCE = /^```(\S*)[ \t]*(.*)\n([\s\S]*?)^```[ \t]*$/gm;
const NOT_RUN = /^not-run: (\S.*)$/;
const ANSWER = /^answer( part)?$/;
const OTHER_SHELLS = new Set(['bash', 'shell', 'console', 'zsh', 'shell-session']);

/**
 * Reads the commands of a page: ` ```sh ` is run, ` ```sh not-run: reason ` is not; ` ```json answer ` or ` ```text answer `
 * behind a command is its output, with `answer part` the shown part of it.
 *
 * @throws Error where a block is none of these and yet looks like one, so that none is passed over
 */
export function readGuidePage(markdown: string): GuidePage {
  const runs: RunBlock[] = [];
  const notRun: NotRunBlock[] = [];
  let last: 'run' | 'other' = 'other';
  for (const fence of fencesOf(markdown)) {
    if (ANSWER.test(fence.words)) addAnswer(runs, fence, last);
    else if (fence.language !== 'sh') rejectOtherShell(fence);
    else if (fence.words === '') runs.push(blockOf(fence));
    else notRun.push({ ...blockOf(fence), reason: reasonOf(fence) });
    last = fence.language === 'sh' && fence.words === '' ? 'run' : 'other';
  }
  return { runs, notRun };
}

function fencesOf(markdown: string): Fence[] {
  return [...markdown.matchAll(FENCE)].map((match) => {
    const [, language = '', words = '', text = ''] = match;
    return { language, words: words.trim(), text, line: markdown.slice(0, match.index).split('\n').length };
  });
}

function blockOf({ line, text }: Fence): GuideBlock {
  return { line, text };
}

function addAnswer(runs: RunBlock[], fence: Fence, last: 'run' | 'other'): void {
  const run = runs.at(-1);
  if (run === undefined || last !== 'run')
    throw new Error(`line ${fence.line}: an answer stands right behind the sh block that is run for it`);
  const form = fence.language;
  if (form !== 'json' && form !== 'text')
    throw new Error(`line ${fence.line}: an answer is json or text, not "${form}"`);
  const part = ANSWER.exec(fence.words)?.[1] !== undefined;
  runs[runs.length - 1] = { ...run, answer: { ...blockOf(fence), form, part } };
}

function rejectOtherShell({ language, line }: Fence): void {
  if (OTHER_SHELLS.has(language))
    throw new Error(
      `line ${line}: write commands in a block of sh, not of ${language}, so that they are run`,
    );
}

function reasonOf({ line, words }: Fence): string {
  const reason = NOT_RUN.exec(words)?.[1];
  if (reason === undefined)
    throw new Error(`line ${line}: behind sh stands nothing, or "not-run: " and the reason, not "${words}"`);
  return reason;
}
