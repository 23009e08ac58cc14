import { setTimeout as pause } from 'node:timers/promises';
import { parserName, type ParseContext, type PluginManifest } from '#plugin-kit';
import { failedLine } from '../parsers/guarded-parser.js';
import type { OnParserFailure, Verdict } from '../parsers/verdict.js';
import { NotReached, PluginEnded, PluginProcess } from './plugin-process.js';
import type { LivePlugin, PluginWatch } from './plugin-watch.js';
import { decodeAnswer, encodeQuestion, type Answer, type Question } from './process/frames.js';
import type { StagedPlugin } from './stage.js';
import { Strikes } from './strikes.js';

/** Starts the process of a parser, which is ready for lines then. */
export type StartProcess = () => Promise<PluginProcess>;

/** A question about some lines of a block. */
export interface Asked {
  readonly question: Question;
  readonly lines: readonly Uint8Array[];
  readonly context: ParseContext;
  readonly failed: OnParserFailure;
}

export interface OutsideParserParts {
  readonly strikes?: Strikes;
  /** Runs already. */
  readonly process?: PluginProcess;
  /** As those know it who ask for it. Default: that of its plugin. */
  readonly manifest?: PluginManifest;
  /** Called when a retired one has ended. */
  readonly closed?: () => Promise<void>;
}

/**
 * One version of an outside parser, in a process of its own. It never throws: where the process ends over some lines,
 * those are refused as `parser:<name>`, and it is started again; where that happens too often, the parser is suspended,
 * and refuses every line at once until it is {@link resume}d.
 */
export class OutsideParser implements LivePlugin {
  readonly name: string;
  readonly manifest: PluginManifest;
  readonly #strikes: Strikes;
  readonly #closed: () => Promise<void>;
  #process: PluginProcess | undefined;
  #suspended: string | undefined;
  /** The newest question, and the one before it: the process works on one while the next lies ready. */
  #turns: readonly [Promise<unknown>, Promise<unknown>] = [Promise.resolve(), Promise.resolve()];
  #restarts = 0;
  #leases = 0;
  #retired = false;

  constructor(
    private readonly staged: StagedPlugin,
    private readonly start: StartProcess,
    private readonly watch: PluginWatch,
    { strikes = new Strikes(), process, manifest, closed = async () => {} }: OutsideParserParts = {},
  ) {
    this.manifest = manifest ?? staged.manifest;
    this.name = parserName(this.manifest);
    this.#strikes = strikes;
    this.#process = process;
    this.#closed = closed;
  }

  get suspended(): string | undefined {
    return this.#suspended;
  }

  get restarts(): number {
    return this.#restarts;
  }

  resume(): void {
    this.#suspended = undefined;
    this.#strikes.clear();
  }

  /** What it says of the lines, in their order; questions wait for those before them. */
  async ask(asked: Asked): Promise<Answer> {
    if (asked.lines.length === 0) return { sure: [], verdicts: [], failures: [] };
    const question = encodeQuestion(asked);
    const [before, beforeThat] = this.#turns;
    const turn = beforeThat.then(() => this.#exchange(question, before));
    this.#turns = [turn, before];
    const frame = await turn;
    // Read here and not in its turn: the process works on the next question meanwhile.
    return typeof frame === 'string' ? this.#refuse(asked, frame) : this.#read(asked, frame);
  }

  /** Keeps this version alive until {@link release}: a block ends with the version that it began with. */
  hold(): void {
    this.#leases += 1;
  }

  release(): void {
    this.#leases -= 1;
    this.#endIfDone();
  }

  /** Ends it as soon as nobody holds it any more, the next one who does included. */
  retire(): void {
    this.#retired = true;
    this.#endIfDone();
  }

  /** Ends its process now; a later question starts it again. */
  async close(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    await running?.close();
  }

  #endIfDone(): void {
    if (this.#retired && this.#leases <= 0) void this.close().then(this.#closed);
  }

  /** @returns the answer's frame, or why there is none */
  async #exchange(question: Uint8Array, before: Promise<unknown>): Promise<Buffer | string> {
    // One that is not running is started over one question at a time.
    if (this.#process === undefined) await before;
    if (this.#suspended !== undefined) return `it is suspended: ${this.#suspended}`;
    try {
      const running = await this.#running();
      return await running.ask(question, before);
    } catch (error) {
      if (error instanceof NotReached) return this.#exchange(question, before);
      const why = error instanceof Error ? error.message : String(error);
      // Taking it out ends its process, and with it the question that lay ready: that is no fault of its own.
      if (this.#suspended === undefined) this.#ended(why);
      return why;
    }
  }

  #read(asked: Asked, frame: Buffer): Answer {
    const answer = decodeAnswer(frame, this.name);
    this.#judge(asked, answer);
    return answer;
  }

  #judge({ lines, failed }: Asked, { failures }: Answer): void {
    for (const failure of failures)
      failed({ parser: this.name, lines: failure.lines, error: new ToldError(failure) });
    const failedLines = failures.reduce((sum, failure) => sum + failure.lines, 0);
    this.#strikes.answered(failedLines >= lines.length, failures[0]?.message);
    this.#takeOut();
  }

  #ended(why: string): void {
    void this.close();
    this.#strikes.ended(why, Date.now());
    this.watch.ended(this.staged.manifest.name, why);
    this.#takeOut();
  }

  #takeOut(): void {
    const why = this.#strikes.verdict;
    if (why === undefined || this.#suspended !== undefined) return;
    this.#suspended = why;
    void this.close();
    this.watch.suspended(this.staged.manifest.name, why);
  }

  async #running(): Promise<PluginProcess> {
    if (this.#process) return this.#process;
    if (this.#strikes.backoffMs > 0) await pause(this.#strikes.backoffMs);
    this.#process = await this.start();
    this.#restarts += 1;
    return this.#process;
  }

  #refuse({ lines, failed, question }: Asked, why: string): Answer {
    failed({ parser: this.name, lines: lines.length, error: new PluginEnded(why) });
    const refusal: Verdict = { parser: this.name, parsed: failedLine(this.name) };
    return {
      sure: question === 'parse' ? [] : lines.map(() => 0),
      verdicts: lines.map(() => (question === 'sniff' ? undefined : refusal)),
      failures: [],
    };
  }
}

/** What was thrown in the plugin's process. */
class ToldError extends Error {
  constructor({ message, stack }: { readonly message: string; readonly stack?: string }) {
    super(message);
    if (stack !== undefined) this.stack = stack;
  }
}
